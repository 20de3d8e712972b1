"""How the mails of an issue leave the house: claimed one by one, sent, noted; killed at any instant, none is lost."""

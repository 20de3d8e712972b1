import pytest

from newsletter.replies import HARD, POLICY, SOFT, kind


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table"),
        (550, "5.1.1 The email account that you tried to reach does not exist."),
        (550, "No such user here"),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
        (551, "user not found"),
        (553, "sorry, no mailbox here by that name"),
        (554, "5.2.1 mailbox disabled"),
        (550, "Requested action not taken: mailbox unavailable"),
    ],
)
def test_a_server_that_knows_nobody_there_is_believed(code, text):
    assert kind(code, text) == HARD


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.7.1 Message rejected as spam by content filtering"),
        (554, "Service unavailable; client host blocked using zen.spamhaus.org"),
        (550, "SPF check failed; user unknown"),
        (550, "5.7.26 unauthenticated email is not accepted due to the domain's DMARC policy"),
        (554, "relay access denied"),
    ],
)
def test_what_a_filter_or_a_policy_says_never_counts_against_the_reader(code, text):
    assert kind(code, text) == POLICY


@pytest.mark.parametrize("text", ["5.2.2 no room", "mailbox full", "Account is over quota", "Quota exceeded"])
def test_a_mailbox_that_is_full_is_so_for_now(text):
    assert kind(552, text) == SOFT


@pytest.mark.parametrize(("code", "text"), [(554, "transaction failed"), (554, "5.0.0 failed"), (550, "no")])
def test_what_says_neither_counts_against_nobody(code, text):
    assert kind(code, text) == ""

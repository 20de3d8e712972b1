"""How the mails of an issue leave the house: claimed one by one, sent, noted; killed at any instant, none is lost.

`line` is the work of one connection: it takes a lot (`lots`), and for each delivery claims it (`claims`), hands it over
(`transports`, `smtp`) and notes what became of it (`outcomes`, `notes`), within the `limits`, while `watching`.
"""

from newsletter.delivery.lots import recover
from newsletter.delivery.workers import work

__all__ = ["recover", "work"]

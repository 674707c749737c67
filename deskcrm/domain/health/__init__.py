"""How likely a client is to leave, why, what changed and what would bring it back: pure arithmetic.

It knows no database: signals come in as numbers by name (see ``features``), with None for what is
unknown. Who asks for them as of a moment is ``domain/risk``.
"""

from deskcrm.domain.health.changes import Cause, Delta, what_changed
from deskcrm.domain.health.evidence import Band, Evidence, band_of, evidence_of
from deskcrm.domain.health.features import BUILT_IN, Feature, Fix, Signal
from deskcrm.domain.health.fitting import fit
from deskcrm.domain.health.model import SCORECARD, Model
from deskcrm.domain.health.scoring import ENOUGH, Reason, Score, score
from deskcrm.domain.health.way_back import WayBack, what_would_bring_it_back

__all__ = [
    "BUILT_IN",
    "ENOUGH",
    "SCORECARD",
    "Band",
    "Cause",
    "Delta",
    "Evidence",
    "Feature",
    "Fix",
    "Model",
    "Reason",
    "Score",
    "Signal",
    "WayBack",
    "band_of",
    "evidence_of",
    "fit",
    "score",
    "what_changed",
    "what_would_bring_it_back",
]

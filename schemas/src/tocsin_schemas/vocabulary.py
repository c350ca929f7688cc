"""The closed vocabularies; what each word means stands beside it."""

from enum import StrEnum


class AlertType(StrEnum):
    """The three types of alert, one topic each."""

    TERRITORIAL_CLAIM = "territorial-claim"
    NEGOTIATION_STANCE = "negotiation-stance"
    AIR_RAID_WARNING = "air-raid-warning"


class SourceKind(StrEnum):
    """What kind of source an article came from."""

    FEED = "feed"
    PAGE = "page"
    CHANNEL = "channel"
    LIVE_BLOG = "live-blog"
    FILE = "file"
    API = "api"
    OFFICIAL = "official"


class RevisionKind(StrEnum):
    """Why an article has this revision.

    `correction` replaces the former text, `other` is a changed page that corrects nothing (a live
    blog that scrolls, a teaser, a consent page), `withdrawn` takes the article back.
    """

    FIRST = "first"
    CORRECTION = "correction"
    OTHER = "other"
    WITHDRAWN = "withdrawn"


class Extraction(StrEnum):
    """How the text was obtained."""

    FEED_ITEM = "feed-item"
    PAGE = "page"
    AS_GIVEN = "as-given"


class Mode(StrEnum):
    """`live` news, a `test` (drill), or an `archive` replay; part of an event's identity."""

    LIVE = "live"
    TEST = "test"
    ARCHIVE = "archive"


class Origin(StrEnum):
    """Whether a detection comes from news or from the official alarm system."""

    NEWS = "news"
    OFFICIAL = "official"


class Status(StrEnum):
    """The life of an alert: CAP's Alert, Update, Cancel, and the end of an alarm."""

    NEW = "new"
    UPDATED = "updated"
    RETRACTED = "retracted"
    ENDED = "ended"


class ChangeReason(StrEnum):
    """Why this revision was sent.

    `first_report`: nobody had said so before; `stale`, `undated`: a first report of an alarm under
    way whose time is too old or unknown, sent as reported; `numbers_grown`: a larger area or more
    settlements; `certainty_raised`: another independent publisher or an official word; `denied`,
    `conceded`: by the other side; `counter_claim`: a rival event about the same ground;
    `phase_changed`, `threat_changed`: of a warning; `area_part_ended`: all-clear for a part;
    `renewed`: the alarm was told again, it expires later; `lapsed`: no all-clear seen;
    `details_added`: a slot or a voice was filled; `official_match`: an official alarm is known;
    `all_clear`: the alarm ended; `evidence_corrected`, `evidence_withdrawn`: the article that said
    so was changed or taken back.
    """

    FIRST_REPORT = "first_report"
    STALE = "stale"
    UNDATED = "undated"
    NUMBERS_GROWN = "numbers_grown"
    CERTAINTY_RAISED = "certainty_raised"
    DENIED = "denied"
    CONCEDED = "conceded"
    COUNTER_CLAIM = "counter_claim"
    PHASE_CHANGED = "phase_changed"
    THREAT_CHANGED = "threat_changed"
    AREA_PART_ENDED = "area_part_ended"
    RENEWED = "renewed"
    LAPSED = "lapsed"
    DETAILS_ADDED = "details_added"
    OFFICIAL_MATCH = "official_match"
    ALL_CLEAR = "all_clear"
    EVIDENCE_CORRECTED = "evidence_corrected"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"


class Severity(StrEnum):
    """CAP 1.2 severity."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Urgency(StrEnum):
    """CAP 1.2 urgency."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """CAP 1.2 certainty: Observed when official or conceded, Likely with two publishers."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class Level(StrEnum):
    """The level of a place in its hierarchy."""

    COUNTRY = "country"
    REGION = "region"
    RAION = "raion"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    AREA = "area"


class Basis(StrEnum):
    """Whether the sentence states the place or the sentences before it do."""

    STATED = "stated"
    CONTEXT = "context"


class EvidenceField(StrEnum):
    """The field of the article that a quote was taken from."""

    TITLE = "title"
    TEXT = "text"


class EvidenceRole(StrEnum):
    """What a quote is evidence for."""

    STATEMENT = "statement"
    PLACE = "place"
    TIME = "time"
    THREAT = "threat"
    ATTRIBUTION = "attribution"
    CONTEXT = "context"


class TimePrecision(StrEnum):
    """How exactly a time is known.

    `period` is a night (18:00 to 06:00) or a day (06:00 to 18:00) of Europe/Kyiv.
    """

    MINUTE = "minute"
    HOUR = "hour"
    PERIOD = "period"
    DAY = "day"


class Action(StrEnum):
    """What is said to have happened to the control of ground."""

    CAPTURE = "capture"
    RECAPTURE = "recapture"
    ADVANCE = "advance"
    HOLD = "hold"
    WITHDRAW = "withdraw"
    CONTESTED = "contested"
    SOVEREIGNTY = "sovereignty"


class ClaimAssertion(StrEnum):
    """How the whole claim stands: claimed by the winner, denied, conceded, or only reported."""

    CLAIMED = "claimed"
    DENIED = "denied"
    CONCEDED = "conceded"
    REPORTED = "reported"


class AreaQualifier(StrEnum):
    """How exact a stated area is."""

    OVER = "over"
    ABOUT = "about"
    EXACT = "exact"


class StanceValue(StrEnum):
    """The position of a party on talks."""

    SUPPORTS = "supports"
    CONDITIONAL = "conditional"
    REJECTS = "rejects"
    MEDIATES = "mediates"


class StanceAssertion(StrEnum):
    """Whether the party states its position, others report it, or it denies having it."""

    STATED = "stated"
    REPORTED = "reported"
    DENIED = "denied"


class StanceTopic(StrEnum):
    """What the talks are about."""

    PEACE_TALKS = "peace_talks"
    CEASEFIRE = "ceasefire"
    SUMMIT = "summit"
    PRISONER_EXCHANGE = "prisoner_exchange"
    GRAIN_DEAL = "grain_deal"
    HUMANITARIAN_CORRIDOR = "humanitarian_corridor"
    SECURITY_GUARANTEES = "security_guarantees"
    OTHER = "other"


class Shift(StrEnum):
    """The change against the actor's last differing stance of an earlier day."""

    NONE = "none"
    SOFTENING = "softening"
    HARDENING = "hardening"


class Threat(StrEnum):
    """What threatens from the air."""

    DRONE = "drone"
    MISSILE = "missile"
    BALLISTIC = "ballistic"
    AIRCRAFT = "aircraft"
    GUIDED_BOMB = "guided_bomb"
    ARTILLERY = "artillery"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """The phase of a warning.

    `active`: an alarm is on; `ended`: an all-clear was given; `lapsed`: nobody gave one, but
    nothing was heard for the lapse time; `reported`: an attack or alarm that is over.
    """

    ACTIVE = "active"
    ENDED = "ended"
    LAPSED = "lapsed"
    REPORTED = "reported"


class Extent(StrEnum):
    """Whether the alarm is on in the whole named area or in a part of it."""

    WHOLE = "whole"
    PART = "part"


class Instruction(StrEnum):
    """What people were told; `shelter` only while the alarm is active."""

    SHELTER = "shelter"
    SHELTER_WAS_ORDERED = "shelter_was_ordered"
    NONE = "none"

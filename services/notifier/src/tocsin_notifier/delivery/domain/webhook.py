"""A webhook's request by Standard Webhooks 1.0: what is said, and the proof of who says it."""

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from tocsin_notifier.delivery.domain.doubt import RETRACTED, why_not_on
from tocsin_notifier.domain.outcome import AnyAlert
from tocsin_schemas.alerts import AirRaidWarningAlert
from tocsin_schemas.vocabulary import AlertType, Phase

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of every secret, no secret
MIN_SECRET_BYTES = 24
MAX_SECRET_BYTES = 64


def read_secret(text: str) -> bytes:
    """The key in a secret as Standard Webhooks writes it: `whsec_` and base64 of 24 to 64 bytes.

    Raises:
        ValueError: it is none; the message does not show it.

    """
    if not text.startswith(SECRET_PREFIX):
        raise ValueError("must start with whsec_")
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("must be base64 after whsec_") from None
    if not MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES:
        raise ValueError(
            f"holds {len(key)} bytes after whsec_, must hold {MIN_SECRET_BYTES} to "
            f"{MAX_SECRET_BYTES}"
        )
    return key


def sign(keys: Sequence[bytes], delivery_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature for each key, the newest key first."""
    signed = b".".join((delivery_id.encode(), str(timestamp).encode(), body))
    digests = (hmac.digest(key, signed, sha256) for key in keys)
    return " ".join(f"v1,{base64.b64encode(one).decode()}" for one in digests)


def event_type(alert_type: AlertType) -> str:
    """Such as `alert.air_raid_warning`: Standard Webhooks knows no hyphens."""
    return f"alert.{alert_type.replace('-', '_')}"


def write_body(
    alert: AnyAlert, now: datetime, *, replayed: bool = False, replaced: bool = False
) -> bytes:
    """The body of the request: `type`, `timestamp`, `data` (the alert), and whether it is on.

    An active warning of which nobody knows any more whether it is on goes out with `late`, so
    that a subscriber who looks at the alert alone shows it as over, too.

    Args:
        alert: what is told.
        now: when it is told.
        replayed: an operator asked for it again; much may have happened since.
        replaced: a newer revision of its event is there.

    """
    unsure, is_active, told = None, False, alert
    if isinstance(alert, AirRaidWarningAlert) and alert.phase is Phase.ACTIVE:
        is_active = True
        unsure = why_not_on(alert, now, replayed=replayed, replaced=replaced)
        if unsure not in (None, RETRACTED):
            told = alert.model_copy(update={"late": True})
    around = {
        "type": event_type(alert.alert_type),
        "timestamp": alert.sent_at.isoformat().replace("+00:00", "Z"),
        "on": is_active and unsure is None,
        "caveat": unsure,
    }
    head = json.dumps(around, separators=(",", ":")).encode()
    return b'%b,"data":%b}' % (head.removesuffix(b"}"), told.to_json())

from http.client import HTTPMessage
from typing import Any

from . import _listen
from ._error import ErrorLine as ErrorLine
from ._listen import Finding as Finding
from ._listen import Ready as Ready
from ._listen import RefusedRequest as RefusedRequest
from ._probe import Grade as Grade
from ._probe import ProbedCase as ProbedCase
from ._send import Response as Response
from ._send import SentDelivery as SentDelivery
from ._sign import Signature as Signature
from ._validate import Validation as Validation
from ._verify import Verification as Verification

class Delivery(_listen.Delivery):
    """A delivery with its request."""

    headers: HTTPMessage
    body: bytes
    json: Any

class ProbeReport(Grade):
    """The grade of a receiver, and the cases."""

    cases: list[ProbedCase]

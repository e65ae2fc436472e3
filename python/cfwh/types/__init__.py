"""The types of the JSON lines. At run time, each is a dictionary."""

Delivery = ErrorLine = Finding = Grade = ProbedCase = ProbeReport = Ready = RefusedRequest = dict
Response = SentDelivery = Signature = Validation = Verification = dict

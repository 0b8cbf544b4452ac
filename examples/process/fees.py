"""A small fee system in Python that patron-fees can compare: JSON lines on standard input and output.

It has two defects, as real systems had them. BUGS= in the environment removes them, BUGS=cents leaves one.
"""
import json
import os
import sys

bugs = os.environ.get("BUGS", "cents,twice").split(",")
CAPABILITIES = ["paySeveralFees", "waive", "repeats"]
owed, answers = {}, {}


def cents(amount):
    if "cents" in bugs:
        return int(float(amount) * 100)  # 0.29 becomes 28
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part)


def dollars(amount):
    return "%d.%02d" % divmod(amount, 100)


def take(fees, amount):
    """Takes an amount from fees, the oldest first."""
    if amount > sum(owed[fee] for fee in fees):
        return {"accepted": False, "reason": "more than is owed"}
    for fee in fees:
        part = min(amount, owed[fee])
        owed[fee] -= part
        amount -= part
    return {"accepted": True}


def reply(name, request):
    if name == "describe":
        return {"protocol": 1, "name": "fees.py", "capabilities": CAPABILITIES}
    if name == "reset":
        owed.clear()
        answers.clear()
        return {"ok": True}
    if name == "balances":
        return {"balances": {"fees": [{"feeId": fee, "owed": dollars(rest)} for fee, rest in owed.items()]}}
    if request["id"] in answers and not ("twice" in bugs and name == "pay"):
        return answers[request["id"]]  # a payment that a provider reports twice is one payment
    if name == "assess":
        owed[request["id"]] = cents(request["amount"])
        answer = {"accepted": True}
    else:
        answer = take(request["feeIds"] if name == "pay" else [request["feeId"]], cents(request["amount"]))
    answers[request["id"]] = answer
    return answer


for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"id": message["id"], **reply(message["do"], message.get("request"))}), flush=True)

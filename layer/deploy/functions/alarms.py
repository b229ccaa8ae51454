"""Alarms of CloudWatch that speak against changing more functions."""

from collections.abc import Sequence

from ..account import RETRYING, Account
from ..output.failure import Failure


class Alarms:
    """Some alarms of an account and region.

    Args:
        account: The account.
        names: The alarms' names.
    """

    def __init__(self, account: Account, names: Sequence[str]) -> None:
        self._client = account.session.client("cloudwatch", config=RETRYING)
        self._names = list(names)

    def wrong(self) -> str:
        """Which of them are in the state `ALARM`, as a sentence; empty where none is.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html

        Raises:
            Failure: There is none of such a name.
        """
        found = self._client.describe_alarms(
            AlarmNames=self._names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        states = {
            each["AlarmName"]: each["StateValue"]
            for each in (*found["MetricAlarms"], *found["CompositeAlarms"])
        }
        if missing := [name for name in self._names if name not in states]:
            raise Failure(
                f"there is no alarm {', '.join(missing)} in {self._client.meta.region_name}",
                "`aws cloudwatch describe-alarms` lists those there are",
            )
        ringing = [name for name, state in states.items() if state == "ALARM"]
        return f"alarm {', '.join(ringing)} is in the state ALARM" if ringing else ""

"""Measure the search for people and the finding of places in a street of the article's size.

    python -m tests.bench.bench_people [--people 160000] [--postgres]

Prints milliseconds; asserts nothing.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.servers import start_once

SINCE = date(2020, 1, 1)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华玉红志梅海波宁斌鑫宇浩凯俊婷雪琳佳慧鹏飞"


def arguments() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=160_000)
    parser.add_argument("--postgres", action="store_true")
    return parser.parse_args()


def invented_name(chance: random.Random) -> str:
    """A name of two or three signs."""
    return chance.choice(SURNAMES) + "".join(
        chance.choice(GIVEN) for _sign in range(chance.choice((1, 2, 2)))
    )


def main() -> None:
    """Build the street, then time each kind of question."""
    wanted = arguments()
    if wanted.postgres:
        start_once()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django = __import__("django")
    django.setup()
    street = __import__("tests.bench.big_street", fromlist=["big_street"])
    call = __import__("django.core.management", fromlist=["call_command"]).call_command
    call("migrate", verbosity=0)
    started = time.perf_counter()
    built = street.build(wanted.people, invented_name, SINCE)
    print(f"built {wanted.people} people in {time.perf_counter() - started:.1f} s")
    for label, question in street.questions(built):
        report(label, question)


def report(label: str, question: Callable[[], Any]) -> None:
    """The median and the worst of nine answers."""
    times = []
    for _round in range(9):
        started = time.perf_counter()
        answer = question()
        times.append((time.perf_counter() - started) * 1000)
    size = len(answer) if isinstance(answer, list) else answer
    print(
        f"{label:38} median {statistics.median(times):8.1f} ms   worst {max(times):8.1f} ms   {size}"
    )


if __name__ == "__main__":
    main()

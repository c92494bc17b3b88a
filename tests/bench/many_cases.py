"""Cases by the hundred thousand, written by PostgreSQL itself; the same ones each time.

Chains of steps are not hashed: these rows are for measuring reading, not for proving history.
"""

from datetime import datetime

from django.db import connection

from complaints.models import Category
from governance.choices import Level
from governance.models import Organisation

# One life for each number n: when it came in, how long it took, what came of it.
LIVES = """
CREATE TEMPORARY TABLE life AS
WITH dice AS (
  SELECT n, %(first)s + n AS id,
    %(now)s::timestamptz - interval '1 day' * %(days)s * (%(count)s - n) / %(count)s AS filed_at,
    (n::bigint * 7919) %% 1000 AS chance, (n::bigint * 104729) %% 1009 AS other,
    (n::bigint * 15485863) %% 997 AS third
  FROM generate_series(1, %(count)s) AS n
), timed AS (
  SELECT *, filed_at + interval '20 minutes' AS accepted_at,
    filed_at + interval '1 hour' AS dispatched_at, filed_at + interval '7 days' AS case_due_at,
    filed_at + interval '6 days' AS unit_due_at,
    filed_at + interval '1 hour' * (4 + chance %% 100 + CASE WHEN other < 60 THEN 170 ELSE 0 END)
      AS answered_at,
    chance < 990 AS is_ever_answered
  FROM dice
), staged AS (
  SELECT *, is_ever_answered AND answered_at < %(now)s AS is_finished,
    is_ever_answered AND answered_at + interval '1 day' < %(now)s AS is_closed
  FROM timed
)
SELECT staged.*, unit.unit_id, unit.path, unit.level, kind.category_id,
  CASE WHEN is_closed AND filed_at < %(now)s::timestamptz - interval '40 days' THEN 'archived'
       WHEN is_closed THEN 'closed' WHEN is_finished THEN 'pending_callback'
       WHEN dispatched_at > %(now)s THEN 'pending_dispatch'
       WHEN other %% 3 = 0 THEN 'pending_sign' ELSE 'handling' END AS stage
FROM staged
JOIN bench_unit unit ON unit.k = (third + other) %% %(units)s
JOIN bench_kind kind ON kind.k = (chance * chance / 1000 + other %% 5) %% %(kinds)s
"""
COMPLAINTS = """
INSERT INTO complaints_complaint (
  id, number, subdistrict_id, source, source_number, title, text, category_id, urgency, stage,
  is_open, hint, address, lng, lat, place_id, place_path, main_unit_id, main_unit_path, holder_id,
  holder_path, round, transfer_count, step_count, last_step_hash, supervision, card,
  is_confidential, discipline_only, is_collective, leaves_rates, part_count, merged_count,
  assist_count, limit_amount, limit_unit, calendar_version,
  is_city_deadline, due_is_provisional, original_due_at, case_due_at, assignment_due_at,
  sign_due_at, contact_due_at, due_at, filed_at, accepted_at, dispatched_at, finished_at,
  first_finished_at, closed_at, result_kind, solved_level, is_unreached, solved, satisfaction)
SELECT id, 'DJ-2025-' || lpad(id::text, 6, '0'), %(street)s,
  CASE WHEN other < 700 THEN 'hotline' ELSE 'phone' END,
  CASE WHEN other < 700 THEN '3703' || lpad(id::text, 10, '0') ELSE '' END,
  '小区内路灯不亮影响老人出行 ' || n, repeat('花园小区内路灯已有一周不亮，老人和孩子晚上出行不便。', 3),
  category_id, 'ordinary', stage, NOT is_closed, '', '花园' || (n %% 108) || '号院3号楼2单元',
  118.0 + chance / 10000.0, 36.8 + other / 10000.0,
  unit_id, path, CASE WHEN stage <> 'pending_dispatch' THEN unit_id END,
  CASE WHEN stage <> 'pending_dispatch' THEN path ELSE '' END,
  CASE WHEN stage <> 'pending_dispatch' THEN unit_id ELSE %(street)s END,
  CASE WHEN stage <> 'pending_dispatch' THEN path ELSE %(street_path)s END,
  CASE WHEN third < 25 THEN 2 ELSE 1 END, 0, 4, repeat('0', 64),
  CASE WHEN third < 8 THEN 'elevated' ELSE 'none' END, 'none', false, false, false, false, 0, 0, 0, 5, 'wd', 1,
  false, false, case_due_at, case_due_at, unit_due_at, dispatched_at + interval '4 hours',
  dispatched_at + interval '8 hours',
  CASE WHEN stage IN ('pending_sign', 'handling') THEN unit_due_at
       WHEN stage = 'pending_dispatch' THEN case_due_at END,
  filed_at, accepted_at, dispatched_at, CASE WHEN is_finished THEN answered_at END,
  CASE WHEN is_finished THEN answered_at END,
  CASE WHEN is_closed THEN answered_at + interval '1 day' END,
  CASE WHEN is_finished THEN 'solved' ELSE '' END, CASE WHEN is_finished THEN level END, false,
  CASE WHEN is_closed AND chance < 800 THEN 'yes' ELSE '' END,
  CASE WHEN is_closed AND chance < 780 THEN 'satisfied'
       WHEN is_closed AND chance < 800 THEN 'dissatisfied' ELSE '' END
FROM life ORDER BY n
"""
CALLERS = """
INSERT INTO complaints_caller (complaint_id, name, phone_sealed, phone_digest, phone_masked,
  phone_tail, is_secret)
SELECT id, '居民', '', md5((n %% 60000)::text) || md5('x'), '139****' || lpad((n %% 9999)::text, 4, '0'),
  lpad((n %% 9999)::text, 4, '0'), false FROM life ORDER BY n
"""
ASSIGNMENTS = """
INSERT INTO complaints_assignment (planned_with, complaint_id, round, number, unit_id, dispatched_at,
  sign_due_at, signed_at, is_auto_signed, contact_due_at, contacted_at, due_at, replied_at,
  ended_at, end_kind, rule)
SELECT 0, id, 1, 1, unit_id, dispatched_at, dispatched_at + interval '4 hours',
  CASE WHEN stage <> 'pending_sign' THEN dispatched_at + interval '2 hours' END, false,
  dispatched_at + interval '8 hours', dispatched_at + interval '3 hours', unit_due_at,
  CASE WHEN is_finished THEN answered_at END, CASE WHEN is_finished THEN answered_at END,
  CASE WHEN is_finished THEN 'finished' ELSE '' END, ''
FROM life WHERE stage <> 'pending_dispatch' ORDER BY n
"""
STEPS = """
INSERT INTO complaints_step (complaint_id, number, verb, stage_before, stage_after,
  holder_before_id, holder_after_id, round, by_id, reason_code, note, note_salt, note_digest, at,
  previous_hash, step_hash)
SELECT id, step.number, step.verb, step.before, step.after, unit_id, unit_id, 1, %(actor)s, '', '',
  '', '', filed_at + interval '1 hour' * step.number, repeat('0', 64), repeat('0', 64)
FROM life CROSS JOIN (VALUES (1, 'file', '', 'pending_acceptance'),
  (2, 'accept', 'pending_acceptance', 'pending_dispatch'),
  (3, 'dispatch', 'pending_dispatch', 'pending_sign'), (4, 'sign', 'pending_sign', 'handling')
) AS step(number, verb, before, after) ORDER BY n, step.number
"""


def lay_cases(
    street: Organisation, count: int, *, now: datetime, actor: int, days: int = 365
) -> None:
    """Add `count` cases of the last `days` days, spread over the units of the street; ANALYZE."""
    branches = list(
        Organisation.objects.filter(path__startswith=street.path, level=Level.GRID_BRANCH)
    )
    departments = list(Organisation.objects.filter(parent=street, level=None))
    kinds = list(
        Category.objects.filter(is_leaf=True).order_by("code").values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("DROP TABLE IF EXISTS life, bench_unit, bench_kind")
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_unit (k int, unit_id int, path text, level int)"
        )
        cursor.executemany(
            "INSERT INTO bench_unit VALUES (%s, %s, %s, %s)",
            [(k, u.pk, u.path, u.level or 1) for k, u in enumerate([*branches, *departments])],
        )
        cursor.execute("CREATE TEMPORARY TABLE bench_kind (k int, category_id bigint)")
        cursor.executemany("INSERT INTO bench_kind VALUES (%s, %s)", list(enumerate(kinds)))
        cursor.execute("SELECT coalesce(max(id), 0) FROM complaints_complaint")
        values = {
            "first": cursor.fetchone()[0],
            "now": now,
            "days": days,
            "count": count,
            "units": len(branches) + len(departments),
            "kinds": len(kinds),
            "street": street.pk,
            "street_path": street.path,
            "actor": actor,
        }
        for statement in (LIVES, COMPLAINTS, CALLERS, ASSIGNMENTS, STEPS):
            cursor.execute(statement, values)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('complaints_complaint', 'id'),"
            " (SELECT max(id) FROM complaints_complaint))"
        )
        cursor.execute("DROP TABLE life, bench_unit, bench_kind")
        for table in ("complaint", "caller", "assignment", "step"):
            cursor.execute(f"ANALYZE complaints_{table}")

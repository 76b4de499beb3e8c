#!/usr/bin/env python3
"""The DuckDB side of pathlink's benchmark: the same core job as one script.

In: DATA_DIR with the extracts of all five sources, lookups/postcode_imd.csv and coverage.csv.
Out: OUT_DIR/pseudonymised/*.parquet (no NHS number, local id, record id, name, postcode or birth date),
OUT_DIR/before_after.parquet, OUT_DIR/talking_therapies_recovery.parquet. Seconds per step go to standard output.
Linkage is by the keyed hash of the NHS number alone (and local ids within one source and provider).

Usage: duckdb_baseline.py DATA_DIR OUT_DIR      key: 64 hex digits in BASELINE_KEY, else a new random key
"""
import csv
import glob
import os
import resource
import secrets
import sys
import time

import duckdb

THREADS = 2
MEMORY = "20GB"
INDEX_FROM = "2023-04-01"
WASHOUT_DAYS = 365

# Column types other than VARCHAR, by heading.
DATES = """PersonBirthDate PersDeathDate ReferralRequestReceivedDate ServDischDate ReferClosureDate ReferRejectionDate
CareContDate StartDateHospProvSpell DischDateHospProvSpell StartDateWardStay EndDateWardStay AssToolCompDate
Date_of_Birth Arrival_Date EC_Departure_Date start_date end_date date_of_birth death_date referral_date contact_date
score_date from to booked_datetime appointment_datetime""".split()
TYPES = dict.fromkeys(DATES, "DATE")
TYPES |= dict.fromkeys(["CareContTime", "Arrival_Time", "EC_Departure_Time"], "TIME")
TYPES |= dict.fromkeys(["PersScore", "score", "ClinContDurOfCareCont", "duration_minutes"], "DOUBLE")
TYPES |= {"imd_quintile": "TINYINT"}

PROVIDER = "split_part(parse_filename(filename), '_', 1)"


class Job:
    def __init__(self, data: str, out: str, key: str):
        self.data, self.out = data, out
        self.con = duckdb.connect(":memory:")
        self.con.execute(f"SET threads={THREADS}; SET memory_limit='{MEMORY}'; SET preserve_insertion_order=false")
        self.con.execute("SET enable_progress_bar=false")
        self.con.execute("SET VARIABLE project_key = ?", [key])
        self.steps: list[tuple[str, float]] = []
        os.makedirs(os.path.join(out, "pseudonymised"), exist_ok=True)

    def csv(self, pattern: str) -> str:
        """A read_csv call for all files of one table; columns from the headings, types from TYPES."""
        files = sorted(glob.glob(os.path.join(self.data, pattern)))
        if not files:
            raise SystemExit(f"no file matches {pattern}")
        layouts = set()
        for file in files:
            with open(file, newline="", encoding="utf-8") as handle:
                layouts.add(tuple(next(csv.reader(handle))))
        if len(layouts) > 1:
            raise SystemExit(f"files of {pattern} have different headings")
        columns = ", ".join(f"'{name}': '{TYPES.get(name, 'VARCHAR')}'" for name in layouts.pop())
        names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        return (
            f"read_csv([{names}], columns={{{columns}}}, auto_detect=false, header=true, delim=',', "
            "quote='\"', escape='\"', filename=true)"
        )

    def run(self, sql: str) -> None:
        self.con.execute(sql)

    def drop_repeats(self, table: str, *key: str) -> None:
        """Rows sent again: cheap search for repeated keys first, exact removal only among those."""
        columns = ", ".join(key)
        self.run(f"CREATE OR REPLACE TEMP TABLE again AS SELECT {columns} FROM {table} GROUP BY ALL HAVING count(*) > 1")
        if self.con.execute("SELECT count(*) FROM again").fetchall()[0][0] > 0:
            self.run(
                f"DELETE FROM {table} WHERE rowid IN (SELECT row FROM (SELECT {table}.rowid AS row, row_number() OVER "
                f"(PARTITION BY {columns} ORDER BY {table}.rowid) AS nth FROM {table} JOIN again USING ({columns})) WHERE nth > 1)"
            )

    def write(self, name: str, select: str) -> None:
        path = os.path.join(self.out, name + ".parquet").replace("'", "''")
        self.run(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")

    def step(self, name: str, work) -> None:
        start = time.perf_counter()
        work(self)
        self.steps.append((name, time.perf_counter() - start))
        print(f"{self.steps[-1][1]:8.2f} s  {name}", flush=True)


def read_gp(job: Job) -> None:
    job.run(f"CREATE TABLE coverage AS SELECT * EXCLUDE filename FROM {job.csv('coverage.csv')}")
    job.run(f"CREATE TABLE imd AS SELECT postcode, any_value(imd_quintile) AS imd FROM {job.csv('lookups/postcode_imd.csv')} GROUP BY 1")
    job.run(
        f"""CREATE TABLE registration AS SELECT nhs_number AS raw, practice_code, start_date, end_date, death_date,
        year(date_of_birth)::SMALLINT AS birth_year, sex, ethnic_category, postcode
        FROM {job.csv('gp/*gp_registration*.csv')}"""
    )
    job.run(
        f"""CREATE TABLE appointment AS SELECT appointment_id, nhs_number AS raw, practice_code,
        booked_datetime AS booked_date, appointment_datetime AS appointment_date, status, mode, hcp_type
        FROM {job.csv('gp/*gp_appointment*.csv')} WHERE status NOT IN ('Slot Available', 'Blocked')"""
    )
    job.drop_repeats("appointment", "practice_code", "appointment_id")


def read_emergency(job: Job) -> None:
    job.run(
        f"""CREATE TABLE attendance AS SELECT Generated_Record_ID AS id, NHS_Number AS raw, Local_Patient_ID AS local,
        Provider_Code AS provider, year(Date_of_Birth)::SMALLINT AS birth_year, Sex AS sex, Ethnic_Category AS ethnic_category,
        Postcode AS postcode, lpad(EC_Department_Type, 2, '0') AS department, Arrival_Date AS arrival_date,
        Arrival_Time AS arrival_time, EC_Departure_Date AS departure_date, EC_Departure_Time AS departure_time,
        EC_Chief_Complaint_SNOMED_CT AS complaint, EC_Injury_Intent_SNOMED_CT AS injury_intent
        FROM {job.csv('emergency_care/*_ECDS*.csv')}
        WHERE EC_AttendanceCategory IS DISTINCT FROM '4' AND EC_AttendanceCategory IS DISTINCT FROM 'X'
          AND (EC_Discharge_Status_SNOMED_CT IS NULL
               OR EC_Discharge_Status_SNOMED_CT NOT IN ('63238001', '1077031000000103', '1077781000000101'))"""
    )
    job.drop_repeats("attendance", "provider", "id")


def read_patients(job: Job) -> None:
    """The three master indexes as one table `listed`."""
    master = """'{source}' AS source, {provider} AS provider, {local} AS local, {number} AS raw,
        year({birth})::SMALLINT AS birth_year, {sex} AS sex, {ethnic} AS ethnic_category, {postcode} AS postcode, {death} AS death_date"""
    trust = master.format(
        source="mental_health", provider="OrgIDProv", local="LocalPatientId", number="NHSNumber", birth="PersonBirthDate",
        sex="Gender", ethnic="EthnicCategory", postcode="Postcode", death="PersDeathDate",
    )
    therapies = master.format(
        source="talking_therapies", provider="OrgID_Provider", local="LocalPatientId", number="NHSNumber",
        birth="PersonBirthDate", sex="Gender", ethnic="EthnicCategory", postcode="Postcode", death="PersDeathDate",
    )
    community = master.format(
        source="community", provider="provider", local="local_client_id", number="nhs_number", birth="date_of_birth",
        sex="gender", ethnic="ethnic_category", postcode="postcode", death="NULL::DATE",
    )
    job.run(
        f"""CREATE TABLE listed AS SELECT {trust} FROM {job.csv('mental_health/*_MHS001MPI*.csv')}
        UNION ALL SELECT {therapies} FROM {job.csv('talking_therapies/*_IDS001MPI*.csv')}
        UNION ALL SELECT {community} FROM {job.csv('community/*community_client*.csv')}
          WHERE lower(consent_to_link) IN ('yes', 'y', '1', 'true')"""
    )


def hash_numbers(job: Job) -> None:
    """Each distinct number is cleaned, checked and hashed once: `number` holds the valid ones."""
    total = " + ".join(f"(n // {10 ** (9 - place)}) % 10 * {10 - place}" for place in range(10))
    job.run(
        f"""CREATE TABLE number AS
        WITH spelt AS (SELECT raw, replace(replace(raw, ' ', ''), '-', '') AS digits FROM (
            SELECT raw FROM appointment UNION SELECT raw FROM registration
            UNION SELECT raw FROM attendance UNION SELECT raw FROM listed) WHERE raw IS NOT NULL),
        whole AS MATERIALIZED (SELECT raw, digits, digits::BIGINT AS n FROM spelt WHERE regexp_full_match(digits, '[0-9]{{10}}')),
        valid AS MATERIALIZED (SELECT raw, digits, n FROM whole WHERE n % 1111111111 <> 0 AND ({total}) % 11 = 0)
        SELECT raw, n AS person, left(sha256(getvariable('project_key') || digits), 32)::UUID AS token FROM valid"""
    )


def link(job: Job) -> None:
    """`patient`: one row per source, provider and local id, with its person (negative when there is no number)."""
    local_token = "left(sha256(concat_ws('|', getvariable('project_key'), source, provider, local)), 32)::UUID"
    job.run(
        f"""CREATE TABLE patient AS
        WITH seen AS (
          SELECT source, provider, local, raw, death_date FROM listed
          UNION ALL SELECT 'emergency_care', provider, local, any_value(raw), NULL FROM attendance WHERE local IS NOT NULL
          GROUP BY provider, local),
        one AS (SELECT source, provider, local, min(person) AS person, min(token) AS token, min(death_date) AS death_date
          FROM seen LEFT JOIN number USING (raw) GROUP BY source, provider, local)
        SELECT source, provider, local, coalesce(person, -row_number() OVER ()) AS person,
          CASE WHEN person IS NULL THEN {local_token} ELSE token END AS token, death_date FROM one"""
    )
    for source in ("mental_health", "talking_therapies", "emergency_care", "community"):
        job.run(f"CREATE TABLE patient_{source} AS SELECT provider, local, person, token FROM patient WHERE source = '{source}'")


def read_trust(job: Job) -> None:
    job.run(
        f"""CREATE TABLE mh_referral AS SELECT row_number() OVER () AS referral, provider, UniqServReqID AS id, person, token,
        ReferralRequestReceivedDate AS received, SourceOfReferralMH AS referral_source, ClinRespPriorityType AS priority,
        ServDischDate AS discharged
        FROM {job.csv('mental_health/*_MHS101Referral*.csv')} AS r JOIN patient_mental_health AS p
        ON r.OrgIDProv = p.provider AND r.LocalPatientId = p.local"""
    )
    job.drop_repeats("mh_referral", "provider", "id")
    job.run(
        f"""CREATE TABLE mh_team AS SELECT r.referral, r.person, ServTeamTypeRefToMH AS team_type, ReferClosureDate AS closed,
        ReferRejectionDate AS rejected
        FROM {job.csv('mental_health/*_MHS102ServiceTypeReferredTo*.csv')} AS t
        JOIN mh_referral AS r ON r.provider = {PROVIDER} AND r.id = t.UniqServReqID"""
    )
    job.run(
        f"""CREATE TABLE mh_contact AS SELECT {PROVIDER} AS provider, UniqCareContID AS contact_id, r.referral, r.person,
        r.token, CareContDate AS contact_date, CareContTime AS contact_time, AttendStatus AS attendance,
        ConsMechanismMH AS mechanism, ClinContDurOfCareCont AS minutes
        FROM {job.csv('mental_health/*_MHS201CareContact*.csv')} AS c
        JOIN mh_referral AS r ON r.provider = {PROVIDER} AND r.id = c.UniqServReqID"""
    )
    job.drop_repeats("mh_contact", "provider", "contact_id")
    job.run(
        f"""CREATE TABLE spell AS SELECT row_number() OVER () AS spell, r.provider, UniqHospProvSpellID AS id, r.referral, r.person, r.token,
        StartDateHospProvSpell AS start_date, DischDateHospProvSpell AS end_date
        FROM {job.csv('mental_health/*_MHS501HospProvSpell*.csv')} AS s
        JOIN mh_referral AS r ON r.provider = {PROVIDER} AND r.id = s.UniqServReqID"""
    )
    job.drop_repeats("spell", "provider", "id")
    job.run(
        f"""CREATE TABLE ward_stay AS SELECT s.provider, UniqWardStayID AS id, s.spell, s.person, s.token,
        StartDateWardStay AS start_date, EndDateWardStay AS end_date, MHAdmittedPatientClass AS bed_type
        FROM {job.csv('mental_health/*_MHS502WardStay*.csv')} AS w
        JOIN spell AS s ON s.provider = {PROVIDER} AND s.id = w.UniqHospProvSpellID"""
    )
    job.drop_repeats("ward_stay", "provider", "id")


def read_therapies(job: Job) -> None:
    job.run(
        f"""CREATE TABLE tt_referral AS SELECT row_number() OVER () AS referral, provider, ServiceRequestId AS id, person, token,
        ReferralRequestReceivedDate AS received, SourceOfReferralMH AS referral_source, ServDischDate AS discharged, EndCode AS end_code
        FROM {job.csv('talking_therapies/*_IDS101Referral*.csv')} AS r JOIN patient_talking_therapies AS p
        ON r.OrgID_Provider = p.provider AND r.LocalPatientId = p.local"""
    )
    job.drop_repeats("tt_referral", "provider", "id")
    job.run(
        f"""CREATE TABLE tt_contact AS SELECT {PROVIDER} AS provider, CareContactId AS id, r.referral, r.token,
        CareContDate AS contact_date, ltrim(AttendOrDNACode, '0') AS attendance, AppType AS appointment_type,
        ConsMechanism AS mechanism, PlannedCareContIndicator AS planned, ClinContDurOfCareCont AS minutes,
        (ltrim(AttendOrDNACode, '0') IN ('5', '6') OR PlannedCareContIndicator IS NOT DISTINCT FROM 'N') AS attended
        FROM {job.csv('talking_therapies/*_IDS201CareContact*.csv')} AS c
        JOIN tt_referral AS r ON r.provider = {PROVIDER} AND r.id = c.ServiceRequestId"""
    )
    job.drop_repeats("tt_contact", "provider", "id")
    job.run(
        f"""CREATE TABLE activity AS SELECT c.provider, CareActId AS id, c.referral, c.token, c.contact_date, c.attended
        FROM {job.csv('talking_therapies/*_IDS202CareActivity*.csv')} AS a
        JOIN tt_contact AS c ON c.provider = {PROVIDER} AND c.id = a.CareContactId"""
    )
    job.drop_repeats("activity", "provider", "id")
    scale = "CASE WHEN CodedAssToolType IN ('720433000', '506701000000100') THEN 'phq9' WHEN CodedAssToolType = '445455005' THEN 'gad7' ELSE 'other' END"
    job.run(
        f"""CREATE TABLE tt_score AS
        SELECT r.referral, r.token, {scale} AS scale, PersScore AS score, AssToolCompDate AS score_date, true AS counted, 606 AS part
        FROM {job.csv('talking_therapies/*_IDS606CodedScoreAssessmentRefer*.csv')} AS s
        JOIN tt_referral AS r ON r.provider = {PROVIDER} AND r.id = s.ServiceRequestId
        UNION ALL SELECT a.referral, a.token, {scale}, PersScore, a.contact_date, a.attended, 607
        FROM {job.csv('talking_therapies/*_IDS607CodedScoreAssessmentAct*.csv')} AS s
        JOIN activity AS a ON a.provider = {PROVIDER} AND a.id = s.CareActId"""
    )


def read_community(job: Job) -> None:
    job.run(
        f"""CREATE TABLE vc_referral AS SELECT row_number() OVER () AS referral, r.provider, referral_id AS id, person, token,
        referral_date AS received, referral_source, offer, end_date AS discharged, end_reason
        FROM {job.csv('community/*community_referral*.csv')} AS r JOIN patient_community AS p
        ON r.provider = p.provider AND r.local_client_id = p.local"""
    )
    job.drop_repeats("vc_referral", "provider", "id")
    job.run(
        f"""CREATE TABLE vc_contact AS SELECT c.provider, contact_id AS id, r.referral, r.token, contact_date, attended, mode, duration_minutes
        FROM {job.csv('community/*community_contact*.csv')} AS c JOIN vc_referral AS r
        ON r.provider = c.provider AND r.id = c.referral_id"""
    )
    job.drop_repeats("vc_contact", "provider", "id")
    job.run(
        f"""CREATE TABLE vc_outcome AS SELECT r.referral, r.token, c.provider, score_date, scale, score
        FROM {job.csv('community/*community_outcome*.csv')} AS c JOIN vc_referral AS r
        ON r.provider = c.provider AND r.id = c.referral_id"""
    )


def write_pseudonymised(job: Job) -> None:
    """Every table with the person's token; record ids give way to a row number where another table needs them."""
    tables = {
        "gp_registration": """SELECT token, practice_code, start_date, end_date, death_date, birth_year, sex, ethnic_category, imd
            FROM registration LEFT JOIN number USING (raw) LEFT JOIN imd USING (postcode)""",
        "gp_appointment": """SELECT token, practice_code, booked_date, appointment_date, status, mode, hcp_type
            FROM appointment LEFT JOIN number USING (raw)""",
        "ecds": """SELECT coalesce(number.token, p.token) AS token, a.provider, birth_year, sex, ethnic_category, imd, department, arrival_date,
            arrival_time, departure_date, departure_time, complaint, injury_intent FROM attendance AS a
            LEFT JOIN number USING (raw) LEFT JOIN patient_emergency_care AS p ON p.provider = a.provider AND p.local = a.local
            LEFT JOIN imd USING (postcode)""",
        "patients": """SELECT token, l.source, l.provider, birth_year, sex, ethnic_category, imd, l.death_date
            FROM listed AS l JOIN patient AS p USING (source, provider, local) LEFT JOIN imd USING (postcode)""",
        "mhs101_referral": "SELECT * EXCLUDE (id, person) FROM mh_referral",
        "mhs102_team": "SELECT * EXCLUDE (person) FROM mh_team",
        "mhs201_contact": "SELECT * EXCLUDE (contact_id, person) FROM mh_contact",
        "mhs501_spell": "SELECT * EXCLUDE (id, person) FROM spell",
        "mhs502_ward_stay": "SELECT * EXCLUDE (id, person) FROM ward_stay",
        "ids101_referral": "SELECT * EXCLUDE (id, person) FROM tt_referral",
        "ids201_contact": "SELECT * EXCLUDE (id) FROM tt_contact",
        "ids202_activity": "SELECT * EXCLUDE (id) FROM activity",
        "ids606_607_score": "SELECT * FROM tt_score",
        "community_referral": "SELECT * EXCLUDE (id, person) FROM vc_referral",
        "community_contact": "SELECT * EXCLUDE (id) FROM vc_contact",
        "community_outcome": "SELECT * FROM vc_outcome",
    }
    for name, select in tables.items():
        job.write("pseudonymised/" + name, select)


def find_arms(job: Job) -> None:
    """`arm`: one row per person and comparison, with index day and crossover day."""
    job.run(
        f"""CREATE TABLE arm AS
        WITH event AS (
          SELECT 'prevention' AS pathway, person, received AS day FROM vc_referral
            WHERE offer IN ('wellbeing_planning', 'social_prescribing') AND referral_source = 'gp'
          UNION SELECT 'recovery', person, received FROM vc_referral
            WHERE offer IN ('wellbeing_planning', 'peer_support') AND referral_source = 'mental_health_trust'
          UNION SELECT 'prevention_usual_care', r.person, received FROM mh_referral AS r JOIN mh_team USING (referral)
            WHERE team_type IN ('A05', 'A18') AND referral_source = 'A1'
          UNION SELECT 'recovery_usual_care', r.person, discharged FROM mh_referral AS r JOIN mh_team USING (referral)
            WHERE team_type IN ('A06', 'A08') AND discharged IS NOT NULL),
        spaced AS (SELECT *, day - lag(day) OVER (PARTITION BY pathway, person ORDER BY day) AS gap FROM event WHERE person > 0),
        first AS (SELECT pathway, person, min(day) AS day FROM spaced
          WHERE day >= DATE '{INDEX_FROM}' AND (gap IS NULL OR gap > {WASHOUT_DAYS}) GROUP BY pathway, person),
        redesigned AS (SELECT pathway AS comparison, * FROM first WHERE pathway IN ('prevention', 'recovery')),
        usual AS (SELECT replace(pathway, '_usual_care', '') AS comparison, * FROM first WHERE pathway LIKE '%_usual_care')
        SELECT r.pathway AS arm, r.person, r.day AS index_day, NULL::DATE AS crossover
          FROM redesigned AS r LEFT JOIN usual AS u USING (comparison, person) WHERE u.day IS NULL OR r.day <= u.day
        UNION ALL SELECT u.pathway, u.person, u.day, r.day
          FROM usual AS u LEFT JOIN redesigned AS r USING (comparison, person) WHERE r.day IS NULL OR u.day < r.day"""
    )


def find_counted_days(job: Job) -> None:
    """`counted`: disjoint runs of counted days per arm, person, window and service."""
    job.run(
        """CREATE TABLE counted AS
        WITH death AS (
          SELECT person, min(day) AS day FROM (SELECT person, death_date AS day FROM registration JOIN number USING (raw)
            WHERE death_date IS NOT NULL UNION ALL SELECT person, death_date FROM patient WHERE death_date IS NOT NULL)
          GROUP BY person),
        side AS (SELECT arm, person, 'before' AS side, index_day - 365 AS first, index_day - 1 AS last, crossover FROM arm
          UNION ALL SELECT arm, person, 'after', index_day + 1, index_day + 365, crossover FROM arm),
        lived AS (SELECT arm, side.person, side, practice_code, greatest(first, start_date) AS first,
          least(last, end_date - 1, death.day - 1, crossover - 1) AS last
          FROM side JOIN number USING (person) JOIN registration USING (raw) LEFT JOIN death ON death.person = side.person),
        month_span AS (SELECT provider, CASE WHEN day("from") = 1 THEN "from" ELSE (date_trunc('month', "from") + INTERVAL 1 MONTH)::DATE END AS first,
          CASE WHEN last_day("to") = "to" THEN "to" ELSE date_trunc('month', "to")::DATE - 1 END AS last
          FROM coverage WHERE source = 'gp'),
        shared_span AS (SELECT source, max("from") AS first, min("to") AS last FROM coverage
          WHERE source IN ('mental_health', 'emergency_care') GROUP BY source),
        service AS (SELECT * FROM (VALUES ('ed_attendances', 'emergency_care'), ('mh_contacts', 'mental_health')) AS v(service, source)),
        cut AS (
          SELECT arm, person, side, service, greatest(l.first, c.first) AS first, least(l.last, c.last) AS last
            FROM lived AS l, service JOIN shared_span AS c USING (source)
          UNION ALL SELECT arm, person, side, 'gp_appointments', greatest(l.first, m.first), least(l.last, m.last)
            FROM lived AS l JOIN month_span AS m ON m.provider = l.practice_code),
        ordered AS (SELECT *, max(last) OVER (PARTITION BY arm, person, side, service ORDER BY first
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM cut WHERE first <= last)
        SELECT arm, person, side, service, CASE WHEN reached >= first THEN reached + 1 ELSE first END AS first, last
          FROM ordered WHERE reached IS NULL OR last > reached"""
    )
    # Nights in hospital are observed on the days on which the trust's contacts are.
    job.run(
        """INSERT INTO counted SELECT arm, person, side, 'bed_nights', first, last FROM counted WHERE service = 'mh_contacts'"""
    )


ATTENDED = """'Attended', 'Arrived', 'In Progress', 'Finished', 'Visit', 'Waiting', 'Patient Walked Out', 'Left'"""


def count_before_after(job: Job) -> None:
    match = "c.person = e.person AND e.day BETWEEN c.first AND c.last"
    job.run(
        f"""CREATE TABLE happened AS
        SELECT c.arm, c.side, c.service, c.person, count(*) AS events FROM counted AS c
          JOIN (SELECT coalesce(number.person, p.person) AS person, arrival_date AS day FROM attendance AS a
            LEFT JOIN number USING (raw) LEFT JOIN patient_emergency_care AS p ON p.provider = a.provider AND p.local = a.local
            WHERE department IN ('01', '02', '03', '04')) AS e ON {match} WHERE c.service = 'ed_attendances' GROUP BY ALL
        UNION ALL SELECT c.arm, c.side, c.service, c.person, count(*) FROM (SELECT counted.*, raw FROM counted JOIN number USING (person)
            WHERE service = 'gp_appointments') AS c
          JOIN appointment AS e ON e.raw = c.raw AND e.appointment_date BETWEEN c.first AND c.last
          WHERE e.status IN ({ATTENDED}) GROUP BY ALL
        UNION ALL SELECT c.arm, c.side, c.service, c.person, count(*) FROM counted AS c
          JOIN (SELECT person, contact_date AS day FROM mh_contact WHERE ltrim(attendance, '0') IN ('5', '6')) AS e ON {match}
          WHERE c.service = 'mh_contacts' GROUP BY ALL
        UNION ALL SELECT arm, side, service, person, sum(least(c.last, n.last) - greatest(c.first, n.first) + 1) FROM counted AS c
          JOIN (SELECT person, CASE WHEN reached >= first THEN reached + 1 ELSE first END AS first, last FROM (
              SELECT *, max(last) OVER (PARTITION BY person ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
              FROM (SELECT person, start_date AS first, coalesce(end_date - 1, DATE '9999-12-31') AS last FROM ward_stay) WHERE first <= last)
            WHERE reached IS NULL OR last > reached) AS n USING (person)
          WHERE service = 'bed_nights' AND n.first <= c.last AND n.last >= c.first GROUP BY ALL"""
    )
    job.run(
        """CREATE TABLE before_after AS
        WITH time AS (SELECT arm, service, side, count(DISTINCT person) AS people, sum(last - first + 1)::BIGINT AS person_days
          FROM counted GROUP BY ALL),
        events AS (SELECT arm, service, side, sum(events)::BIGINT AS events FROM happened GROUP BY ALL)
        SELECT arm, service, side AS time_window, people, coalesce(events, 0) AS events, person_days,
          365.25 * coalesce(events, 0) / person_days AS rate_a_year
        FROM time LEFT JOIN events USING (arm, service, side) ORDER BY arm, service, side DESC"""
    )
    job.write("before_after", "FROM before_after")


def count_recovery(job: Job) -> None:
    job.run(
        """CREATE TABLE recovery AS
        WITH course AS (SELECT r.referral, received, discharged FROM tt_referral AS r JOIN tt_contact AS c USING (referral)
          WHERE discharged IS NOT NULL AND attended AND appointment_type IN ('02', '03', '05')
          GROUP BY ALL HAVING count(*) >= 2),
        score AS (SELECT referral,
            count(*) FILTER (scale = 'phq9') AS phq_n, count(*) FILTER (scale = 'gad7') AS gad_n,
            arg_min(score, (score_date, part)) FILTER (scale = 'phq9') AS phq_first,
            arg_max(score, (score_date, part)) FILTER (scale = 'phq9') AS phq_last,
            arg_min(score, (score_date, part)) FILTER (scale = 'gad7') AS gad_first,
            arg_max(score, (score_date, part)) FILTER (scale = 'gad7') AS gad_last
          FROM tt_score JOIN course USING (referral)
          WHERE counted AND scale <> 'other' AND score_date BETWEEN received AND discharged GROUP BY referral),
        judged AS (SELECT discharged,
            coalesce(phq_first < 10 AND gad_first < 8, false) AS not_at_caseness,
            coalesce(phq_n >= 2 AND gad_n >= 2, false) AS paired,
            coalesce((phq_first >= 10 OR gad_first >= 8) AND phq_last < 10 AND gad_last < 8, false) AS below,
            coalesce((phq_first - phq_last >= 6 OR gad_first - gad_last >= 4)
                AND phq_last - phq_first < 6 AND gad_last - gad_first < 4, false) AS better
          FROM course LEFT JOIN score USING (referral))
        SELECT (year(discharged - INTERVAL 3 MONTH))::VARCHAR || '/' || right((year(discharged - INTERVAL 3 MONTH) + 1)::VARCHAR, 2)
            || ' Q' || quarter(discharged - INTERVAL 3 MONTH) AS quarter,
          count(*) AS finished, count(*) FILTER (not_at_caseness) AS not_at_caseness,
          count(*) FILTER (paired AND below) AS recovered, count(*) FILTER (paired AND better) AS reliably_improved
        FROM judged GROUP BY 1 ORDER BY 1"""
    )
    job.write("talking_therapies_recovery", "FROM recovery")


STEPS = [
    ("read GP list and appointments", read_gp),
    ("read A&E", read_emergency),
    ("read patient indexes", read_patients),
    ("check and hash NHS numbers", hash_numbers),
    ("link patients to people", link),
    ("read and link trust tables", read_trust),
    ("read and link Talking Therapies tables", read_therapies),
    ("read and link community tables", read_community),
    ("write pseudonymised tables", write_pseudonymised),
    ("find arms", find_arms),
    ("find counted days", find_counted_days),
    ("count before and after", count_before_after),
    ("Talking Therapies recovery", count_recovery),
]


def main(data: str, out: str) -> Job:
    start = time.perf_counter()
    job = Job(data, out, os.environ.get("BASELINE_KEY") or secrets.token_hex(32))
    for name, work in STEPS:
        job.step(name, work)
    print(f"{time.perf_counter() - start:8.2f} s  total")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{peak:8.0f} MB peak memory; duckdb {duckdb.__version__}, {THREADS} threads")
    return job


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2])

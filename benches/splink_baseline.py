"""Links a charity's list that has no NHS number with the people of the trust and the GP list, by Splink, and scores it.

Usage: splink_baseline.py DIR      (pip install splink duckdb)

DIR is made by `pathlink synth --charities-without-numbers`. Splink sees names, date of birth, sex and postcode in clear; what is
wrong with a record comes from the planted truth and is used for scoring alone. Each client goes to the best record of
the others, if its probability is 0.99 or more. The table is the one that `cargo bench --bench linkage -- charity DIR` prints for
pathlink.
"""

import csv
import glob
import resource
import sys
import time
from collections import defaultdict

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

FOLDER = sys.argv[1]
THRESHOLD = 0.99
KINDS = [
    "birth_part", "birth_swapped", "birth_other", "forename_typo", "forename_short", "forename_other", "surname_typo",
    "surname_form", "surname_changed", "sex", "postcode_moved", "postcode_none",
]  # fmt: skip


def rows(pattern):
    for path in sorted(glob.glob(f"{FOLDER}/{pattern}")):
        with open(path, newline="", encoding="utf-8") as handle:
            yield from csv.DictReader(handle)


def letters(name):
    """As pathlink has names: upper case, A to Z only."""
    return "".join(sign for sign in name.upper() if "A" <= sign <= "Z") or None


def record(given, family, birth, sex, postcode):
    place = None if postcode.startswith("ZZ99") else postcode
    return letters(given), letters(family), birth or None, sex or None, place


def read():
    """Clients and other records as (name in the truth, record)."""
    clients, others = [], []
    for row in rows("community/*_community_client.csv"):
        if row["consent_to_link"] == "yes":
            name = ("community", row["provider"], row["local_client_id"])
            told = (row["given_name"], row["family_name"], row["date_of_birth"], row["gender"], row["postcode"])
            clients.append((name, record(*told)))
    for row in rows("mental_health/*_MHS001MPI.csv"):
        name = ("mental_health", row["OrgIDProv"], row["LocalPatientId"])
        told = (row["GivenName"], row["FamilyName"], row["PersonBirthDate"], row["Gender"], row["Postcode"])
        others.append((name, record(*told)))
    for row in rows("gp/list_gp_registration.csv"):
        told = (row["given_name"], row["family_name"], row["date_of_birth"], row["sex"], row["postcode"])
        said = " ".join([row["start_date"], row["date_of_birth"], row["given_name"], row["family_name"]])
        others.append((("gp", row["practice_code"], row["nhs_number"] or said), record(*told)))
    return clients, others


def table(database, name, records):
    database.execute(
        f"create table {name} (unique_id integer, first_name varchar, surname varchar, dob varchar, sex varchar, postcode varchar)"
    )
    with open(f"{name}.csv", "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerows((at, *told) for at, (_, told) in enumerate(records))
    database.execute(f"copy {name} from '{name}.csv' (header false, nullstr '')")


def link(clients, others):
    """Best other record of each client, by position, with its probability."""
    database = duckdb.connect()
    table(database, "clients", clients)
    table(database, "others", others)
    api = DuckDBAPI(connection=database)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("dob"),
            block_on("first_name", "surname"),
            block_on("surname", "postcode"),
            block_on("first_name", "postcode"),
            block_on("surname", "substr(dob, 1, 7)"),
            block_on("surname", "substr(dob, 6, 5)"),
            block_on("first_name", "substr(dob, 6, 5)"),
            block_on("first_name", "substr(dob, 1, 7)"),
        ],
    )
    tables = [api.register(name, dataset_display_name=name) for name in ("clients", "others")]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "dob"), block_on("first_name", "dob", "postcode")], recall=0.95
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"), record_sample_proportion=1.0)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("first_name", "surname"), record_sample_proportion=1.0
    )
    found = linker.inference.predict(threshold_match_probability=THRESHOLD)
    best = {}
    query = f"""
        select case when source_dataset_l = 'clients' then unique_id_l else unique_id_r end as client,
               case when source_dataset_l = 'clients' then unique_id_r else unique_id_l end as other, match_weight
        from {found.physical_name} order by match_weight desc, other
    """
    for client, other, _ in database.execute(query).fetchall():
        best.setdefault(client, other)
    return best


def main():
    start = time.perf_counter()
    clients, others = read()
    best = link(clients, others)
    seconds = time.perf_counter() - start
    person = {(row["source"], row["provider"], row["local_id"]): row["person"] for row in rows("truth/records.csv")}
    wrong = defaultdict(set)
    for row in rows("truth/errors.csv"):
        if not row["error"].startswith("number"):
            wrong[row["source"], row["provider"], row["local_id"]].add(row["error"])
            if row["source"] == "gp":
                wrong["gp", row["person"]].add(row["error"])
    of_other = defaultdict(set)
    for name, _ in others:
        errors = wrong["gp", person[name]] if name[0] == "gp" else wrong[name]
        of_other[person[name]] |= errors | {"here"}
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for at, (name, _) in enumerate(clients):
        who = person[name]
        kinds = [kind for kind in KINDS if kind in wrong[name]]
        if not kinds:
            kinds = ["only in other records" if of_other[who] - {"here"} else "none"]
        is_linked = at in best
        is_right = is_linked and person[others[best[at]][0]] == who
        for kind in ["all", *kinds]:
            cell = counts[kind]
            cell[0] += "here" in of_other[who]
            cell[1] += is_right
            cell[2] += is_linked
            cell[3] += is_linked and not is_right
    print("| error in the client's record | clients to be found | recall % | linked | wrongly | precision % |")
    print("|---|---|---|---|---|---|")
    for kind in ["none", "only in other records", *KINDS, "all"]:
        people, right, linked, wrongly = counts[kind]
        recall = f"{100 * right / people:.2f}" if people else ""
        precision = f"{100 * right / linked:.2f}" if linked else ""
        print(f"| {kind} | {people} | {recall} | {linked} | {wrongly} | {precision} |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(f"\nSplink {seconds:.0f} s, {memory:.1f} GB")


main()

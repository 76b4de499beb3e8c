//! The table of superseded numbers, through the program: two numbers of one person are one person only where it says so,
//! and a table that cannot be used ends the run.

use std::fs;

use crate::program::{Project, Table};

/// Numbers of a range that nobody has.
const OLD: &str = "9987654002";
const NEW: &str = "9987654010";

/// The tiny world, and a woman with a record under each of two numbers and nothing else to link them by.
fn project() -> Project {
    let project = Project::tiny();
    for (file, number, id) in
        [("in/community/ZC1_community_client.csv", OLD, "S1"), ("in/community/ZC2_community_client.csv", NEW, "S2")]
    {
        project.edit(file, |text| {
            let headings: Vec<&str> = text.lines().next().unwrap().split(',').collect();
            let first: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
            let cell = |heading: &&str, own: &&str| match *heading {
                "nhs_number" => number.to_owned(),
                "local_client_id" => id.to_owned(),
                "consent_to_link" => "yes".to_owned(),
                "date_of_birth" => "1961-02-03".to_owned(),
                "provider" => (*own).to_owned(),
                _ => String::new(),
            };
            let row: Vec<String> = headings.iter().zip(&first).map(|(heading, own)| cell(heading, own)).collect();
            format!("{}\n{}\n", text.trim_end(), row.join(","))
        });
    }
    project
}

fn with_table(project: &Project, table: &str) {
    fs::write(project.path("superseded.csv"), table).unwrap();
    project.edit("pathlink.toml", |text| text.replace("[linkage]\n", "[linkage]\nsupersession = \"superseded.csv\"\n"));
}

/// People, and people with two numbers, of the internal table.
fn people(project: &Project) -> [u64; 2] {
    let run = project.good_run(&[]);
    let table = Table::read(&run.join("internal/linkage_quality.csv"));
    ["people", "people_with_two_numbers"].map(|measure| {
        let is_it = |row: &&Vec<String>| row[0] == "clusters" && row[6] == measure && row[4] == "all";
        table.rows().iter().find(is_it).unwrap()[7].parse().unwrap()
    })
}

#[test]
fn two_numbers_are_one_person_only_where_the_table_says_so() {
    let project = project();
    let [apart, none] = people(&project);
    with_table(&project, &format!("superseded,current\n{OLD},{NEW}\n"));
    let [together, two] = people(&project);
    assert_eq!((together + 1, none, two), (apart, 0, 0));
    // The other way round it is the same person under the other number; taken out again they are two.
    fs::write(project.path("superseded.csv"), format!("current,superseded\n{OLD},{NEW}\n")).unwrap();
    assert_eq!(people(&project), [together, 0]);
    fs::write(project.path("superseded.csv"), "superseded,current\n").unwrap();
    assert_eq!(people(&project), [apart, 0]);
}

#[test]
fn a_table_that_cannot_be_used_ends_the_run() {
    let project = project();
    with_table(&project, "superseded,current\n");
    for (table, why) in [
        ("old,new\n".to_owned(), "a column is missing"),
        (format!("superseded,current\n{OLD}\n"), "row 2 is not whole"),
        (format!("superseded,current\n{OLD},\n"), "row 2: one of the two is no NHS number"),
        (format!("superseded,current\n{OLD},9987654011\n"), "row 2: one of the two is no NHS number"),
        (format!("superseded,current\n{OLD},{NEW}\n{NEW},{OLD}\n"), "in the end by itself"),
        (format!("superseded,current\n{OLD},{OLD}\n"), "in the end by itself"),
    ] {
        fs::write(project.path("superseded.csv"), &table).unwrap();
        let done = project.run(&[]);
        assert_eq!(done.code, 3, "{}", done.stderr);
        assert!(done.stderr.contains(why) && done.stderr.contains("superseded.csv"), "{}", done.stderr);
        assert!(!done.stderr.contains("9987654"), "a number was shown");
    }
    fs::remove_file(project.path("superseded.csv")).unwrap();
    let done = project.run(&[]);
    assert!(done.code == 3 && done.stderr.contains("cannot be read"), "{}", done.stderr);
    // A number outside the test range under the demonstration key.
    fs::write(project.path("superseded.csv"), format!("superseded,current\n{OLD},4010232137\n")).unwrap();
    assert_eq!(project.run(&[]).code, 7);
}

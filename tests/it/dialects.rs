//! Extracts as they really arrive: one table in every dialect gives the same rows; cut, broken or endless files are
//! refused with a place, in bounded memory, and no cell is shown.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use pathlink::error::{Error, Exit};
use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::lookups::Deprivation;
use pathlink::ingest::stage::Stager;
use pathlink::ingest::{self, Content, Extract, StagedFile};
use pathlink::schema::Source;
use pathlink::settings::{Caps, Deprived};
use pathlink::sources::Sources;
use sha2::{Digest, Sha256};

use crate::program::Project;
use crate::scan::Needles;
use crate::support::{root, settings};

const PEOPLE: &str = "in/mental_health/ZT1_MHS001MPI.csv";

/// A table with names outside ASCII, doubled quotes, and a field of two lines.
const TABLE: &str = "LocalPatientId,NHSNumber,OrgIDProv,PersonBirthDate,GivenName,FamilyName,Note
B4Y667ZRFS,9456381072,ZT1,1974-09-02,Zoë,Ólafsdóttir,\"said \"\"no\"\", then
left\"
CBGX525VNN,9640175382,ZT1,2007-08-12,Bryndle,Ærøskøbing,
,9640175382,ZT1,2007-08-12,Bryndle,Ashcombely,€ 5
";

/// The values of [`TABLE`] that no message may hold.
const VALUES: [&str; 8] = ["B4Y667", "9456381072", "1974-09", "Zoë", "lafsd", "CBGX525", "Bryndle", "then"];

/// Stages a table under the source config of mental health with more keys; what was staged and the hash of its rows.
fn staged(keys: &str, caps: Caps, bytes: Vec<u8>) -> Result<(StagedFile, [u8; 32]), Error> {
    let folder = tempfile::tempdir().unwrap();
    let config = fs::read_to_string(root().join("config/sources/mental_health.toml")).unwrap();
    let config = config.replacen("id = \"mental_health\"", &format!("id = \"mental_health\"\n{keys}"), 1);
    fs::write(folder.path().join("mental_health.toml"), config).unwrap();
    let sources = Sources::load(Some(folder.path()), None)?;
    let mut settings = settings(&root().join("fixtures/tiny/pathlink.toml"), folder.path());
    settings.caps = caps;
    let name = "ZT1_MHS001MPI.csv";
    let (plan, found) = sources.recognise(Source::MentalHealth, name).unwrap();
    let extract =
        Extract { plan, name: name.to_owned(), provider: found.provider, content: Content::Memory(Arc::new(bytes)) };
    let deprivation = Deprivation::load(None, Deprived::MostDeprived)?;
    let stager = Stager::new(&settings, &sources, &ProjectKey::demonstration(), &deprivation);
    let file = ingest::all(&[extract], &stager, &|_| ())?.files.remove(0);
    let hash = Sha256::digest(fs::read(&file.path).unwrap()).into();
    Ok((file, hash))
}

fn read(keys: &str, bytes: Vec<u8>) -> Result<(StagedFile, [u8; 32]), Error> {
    staged(keys, Caps::default(), bytes)
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

/// The signs of [`TABLE`] are those of Latin-1 but for one.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|sign| if sign == '€' { 0x80 } else { u8::try_from(u32::from(sign)).unwrap() }).collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The table with another delimiter; its only comma inside a field stays.
fn parted_by(delimiter: &str) -> Vec<u8> {
    TABLE.replace(',', delimiter).replace(&format!("\"\"{delimiter} then"), "\"\", then").into_bytes()
}

#[test]
fn one_table_gives_the_same_rows_in_every_dialect() {
    let (first, expected) = read("", TABLE.into()).unwrap();
    assert_eq!((first.tally.read, first.tally.kept), (3, 2));
    assert_eq!(first.rejects[0].line, 5);
    let third = TABLE.len() / 3;
    let members = [&TABLE.as_bytes()[..third], &TABLE.as_bytes()[third..2 * third], &TABLE.as_bytes()[2 * third..]];
    let marked = |bytes: Vec<u8>, mark: &[u8]| [mark, &bytes].concat();
    let (little, big) = (utf16(TABLE, u16::to_le_bytes), utf16(TABLE, u16::to_be_bytes));
    for (keys, bytes, encoding, ends) in [
        ("", marked(TABLE.into(), b"\xEF\xBB\xBF"), "utf-8", "lf"),
        ("encoding = \"utf-16\"", marked(little.clone(), b"\xFF\xFE"), "utf-16le", "lf"),
        ("encoding = \"utf-16\"", marked(big.clone(), b"\xFE\xFF"), "utf-16be", "lf"),
        ("encoding = \"utf-16\"", little.clone(), "utf-16le", "lf"),
        ("encoding = \"utf-16\"", big.clone(), "utf-16be", "lf"),
        ("encoding = \"utf-16le\"", little.clone(), "utf-16le", "lf"),
        ("encoding = \"utf-16be\"", big.clone(), "utf-16be", "lf"),
        ("encoding = \"utf-8\"", marked(little.clone(), b"\xFF\xFE"), "utf-16le", "lf"),
        ("encoding = \"windows-1252\"", marked(TABLE.into(), b"\xEF\xBB\xBF"), "utf-8", "lf"),
        ("encoding = \"windows-1252\"", windows_1252(TABLE), "windows-1252", "lf"),
        ("", members.map(packed).concat(), "utf-8", "lf"),
        ("encoding = \"windows-1252\"", packed(&windows_1252(TABLE)), "windows-1252", "lf"),
        ("encoding = \"utf-16\"", packed(&utf16(&TABLE.replace('\n', "\r\n"), u16::to_le_bytes)), "utf-16le", "crlf"),
        ("", TABLE.replace('\n', "\r\n").into(), "utf-8", "crlf"),
        ("", TABLE.replace('\n', "\r").into(), "utf-8", "cr"),
        ("", TABLE.replacen('\n', "\r\n", 1).into(), "utf-8", "mixed"),
        ("", TABLE.trim_end().into(), "utf-8", "lf"),
        ("delimiter = \"tab\"", parted_by("\t"), "utf-8", "lf"),
        ("delimiter = \"|\"", parted_by("|"), "utf-8", "lf"),
        ("delimiter = \"^\"", parted_by("^"), "utf-8", "lf"),
        ("delimiter = \";\"\nquote = \"\\\"\"", parted_by(";"), "utf-8", "lf"),
    ] {
        let is_packed = bytes.starts_with(b"\x1F\x8B");
        let (file, hash) = read(keys, bytes).unwrap();
        let what = format!("{keys} {encoding} {ends}");
        assert_eq!(hash, expected, "{what}");
        assert_eq!(file.rejects, first.rejects, "{what}");
        assert_eq!((file.notes.encoding.as_str(), file.notes.line_ends.as_str()), (encoding, ends));
        assert_eq!(file.notes.compression.is_some(), is_packed);
        assert_eq!(file.tally.warnings.contains_key(" C13"), ends == "mixed", "{what}");
    }
}

#[test]
fn another_setting_of_the_dialect_or_the_caps_is_another_address() {
    let caps = Caps { max_columns: 1999, ..Caps::default() };
    let all = [
        read("", TABLE.into()),
        read("encoding = \"windows-1252\"", windows_1252(TABLE)),
        read("null_words = [\"N/A\"]", TABLE.into()),
        staged("", caps, TABLE.into()),
    ];
    let mut addresses: Vec<String> = all.map(|file| file.unwrap().0.address).into();
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), 4);
}

#[test]
fn words_that_stand_for_nothing_are_empty_cells() {
    let text = TABLE.replace(",2007-08-12,Bryndle,Ærøskøbing", ",NULL,N/A,\"N/A\"");
    let blank = TABLE.replace(",2007-08-12,Bryndle,Ærøskøbing", ",,,\0");
    let (file, hash) = read("null_words = [\"NULL\", \"N/A\"]", text.clone().into()).unwrap();
    assert_eq!(hash, read("", blank.into()).unwrap().1);
    // An empty date of birth is counted; nothing else is said of an empty cell.
    assert!(file.tally.warnings.keys().all(|key| key == "PersonBirthDate C15"));
    // Without the words it is a date that cannot be read.
    let (other, _) = read("", text.into()).unwrap();
    assert!(other.tally.warnings.keys().any(|key| key != "PersonBirthDate C15"), "{:?}", other.tally.warnings);
}

#[test]
fn a_table_may_differ_from_its_source() {
    let config = fs::read_to_string(root().join("config/sources/mental_health.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = config.replacen("id = \"mental_health\"", "id = \"mental_health\"\ndelimiter = \"|\"", 1);
    let config = config.replacen("name = \"MHS101Referral\"", "name = \"MHS101Referral\"\ndelimiter = \"tab\"", 1);
    fs::write(folder.path().join("mental_health.toml"), config).unwrap();
    let sources = Sources::load(Some(folder.path()), None).unwrap();
    let of = |name: &str| sources.tables.iter().find(|plan| plan.name == name).unwrap().dialect.delimiter;
    assert_eq!((of("MHS001MPI"), of("MHS101Referral"), of("MHS201CareContact")), (b'|', b'\t', b'|'));
}

/// What an error says, after it was looked through for cells.
fn said(error: &Error) -> String {
    let text = error.to_string();
    assert!(VALUES.iter().all(|value| !text.contains(value)), "{text}");
    assert_eq!(error.exit_code(), Exit::Input as u8, "{text}");
    text
}

fn refused(keys: &str, bytes: Vec<u8>, id: &str) -> String {
    let error = read(keys, bytes).err().unwrap_or_else(|| panic!("{id} was not found"));
    assert_eq!(error.code().id, id, "{error}");
    said(&error)
}

#[test]
fn a_file_cut_at_any_byte_is_whole_to_its_last_record_or_refused() {
    let bytes = TABLE.as_bytes();
    let mut accepted = Vec::new();
    for end in 0..bytes.len() {
        match read("", bytes[..end].to_vec()) {
            Ok(_) => accepted.push(end),
            Err(error) => {
                let text = said(&error);
                let has_place = text.contains("line") || text.contains("heading row");
                assert!(has_place, "{text}");
                assert!(matches!(error.code().id, "INP04" | "INP05"), "cut at byte {end}: {text}");
            }
        }
    }
    // Only a cut at a record's end, or inside the last field of a record, leaves records that are whole.
    for end in accepted {
        let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[..end]);
        assert!(reader.byte_records().all(|record| record.is_ok()), "cut at byte {end}");
        let quotes = memchr::memchr_iter(b'"', &bytes[..end]).count();
        assert_eq!(quotes % 2, 0, "cut at byte {end}");
    }
}

#[test]
fn a_gzip_file_cut_at_any_byte_is_refused_unless_a_member_ends_there() {
    let first = packed(&TABLE.as_bytes()[..TABLE.rfind("CBGX").unwrap()]);
    let whole = [first.clone(), packed(&TABLE.as_bytes()[TABLE.rfind("CBGX").unwrap()..])].concat();
    for end in 0..whole.len() {
        match read("", whole[..end].to_vec()) {
            Ok((file, _)) => assert_eq!((end, file.tally.read), (first.len(), 1)),
            Err(error) => {
                let text = said(&error);
                assert_eq!(error.code().id, if end == 0 { "INP05" } else { "INP04" }, "{text}");
                assert!(end == 0 || text.contains(&format!("the packed file stops at byte {end}")), "{text}");
            }
        }
    }
    let mut damaged = whole;
    damaged[first.len() / 2] ^= 0x10;
    assert!(read("", damaged).is_err_and(|error| said(&error).contains("byte")));
}

#[test]
fn bytes_that_do_not_fit_are_named_with_place_meaning_and_setting() {
    let text = refused("", windows_1252(TABLE), "ENC01");
    let at = TABLE.find('ë').unwrap();
    assert!(
        text.contains(&format!("first bad byte 0xEB at byte {at} (line 2); 0xEB is \"ë\" in Windows-1252")),
        "{text}"
    );
    assert!(text.contains("fix: set encoding = \"windows-1252\" for [source.mental_health]"), "{text}");
    for (to_bytes, id) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"), (u16::to_be_bytes, "utf-16be")] {
        let text = refused("", utf16(TABLE, to_bytes), "ENC01");
        assert!(text.contains(&format!("set encoding = \"{id}\"")), "{text}");
    }
    let text = refused("encoding = \"windows-1252\"", TABLE.replacen("left", "le\u{81}ft", 1).into(), "ENC01");
    assert!(text.contains("0x81 at byte") && text.contains("(line 3)"), "{text}");
    let mut lone = utf16(TABLE, u16::to_le_bytes);
    let at = lone.len() - 10;
    lone.splice(at..at, [0x3D, 0xD8]);
    let text = refused("encoding = \"utf-16\"", lone, "ENC01");
    assert!(text.contains(&format!("at byte {at} (line 5)")), "{text}");
    refused("", [TABLE.as_bytes(), b"\xED\xA0\x80"].concat(), "ENC01");
    let text = refused("", parted_by("|"), "HDR01");
    assert!(text.contains("set delimiter = \"|\" for [source.mental_health]"), "{text}");
}

#[test]
fn files_that_are_not_text_are_refused_with_the_way_out() {
    for start in ["PK\x03\x04xl/workbook.xml", "PK\x03\x04a.csv", "%PDF-1.7"] {
        assert!(refused("", start.into(), "FMT01").contains("fix: "));
    }
    assert!(refused("", b"\xD0\xCF\x11\xE0\xA1\xB1".to_vec(), "FMT01").contains("leading zeros"));
    assert!(refused("", packed(b"PK\x03\x04xl/"), "FMT01").contains("CSV from the source system"));
    refused("", packed(&packed(TABLE.as_bytes())), "FMT01");
    // The start of a Parquet file and no more.
    refused("", b"PAR1".to_vec(), "INP04");
}

#[test]
fn heading_rows_that_repeat_or_lack_a_name_are_refused_with_both_places() {
    let with = |from: &str, to: &str| TABLE.replacen(from, to, 1).into_bytes();
    let text = refused("", with("Note", "familyname"), "HDR02");
    assert!(text.contains("stands twice, in columns 6 and 7"), "{text}");
    let text = refused("", with("Note", "Family Name"), "HDR02");
    assert!(text.contains("columns 6 and 7") && text.contains("letter case or blanks"), "{text}");
    assert!(refused("", with("Note", ""), "HDR03").contains("heading of column 7 is blank"));
    assert!(refused("", with("GivenName", " "), "HDR03").contains("heading of column 5 is blank"));
    assert!(refused("", with("Note\n", "Note,,\n"), "HDR03").contains("column 8, 9 is blank"));
    refused("", with("GivenName", "Given\"Name"), "HDR03");
    refused("", (TABLE.lines().next().unwrap().to_owned() + "\n").into(), "INP05");
    refused("", TABLE.lines().next().unwrap().to_owned().into(), "INP04");
    refused("", Vec::new(), "INP05");
}

#[test]
fn quotes_in_the_wrong_place_cost_their_line_and_are_counted() {
    let rows = "X1,9456381072,ZT1,1974-09-02,a\"b,Wren,\nX2,9640175382,ZT1,2007-08-12,\"Bryn\"dle,Ash,\nX3,,ZT1,2007-08-12,Bryn,Ash,x\n";
    let (file, _) = read("", (TABLE.to_owned() + rows).into()).unwrap();
    assert_eq!((file.tally.read, file.tally.kept, file.tally.rejected["C12"]), (6, 3, 2));
    let lines: Vec<u64> =
        file.rejects.iter().filter(|reject| reject.check == "C12").map(|reject| reject.line).collect();
    assert_eq!(lines, [6, 7]);
    let text = refused("", (TABLE.to_owned() + "X1,,ZT1,1974-09-02,\"Zoë").into(), "INP04");
    assert!(text.contains("a quote that opens in line 6 is never closed"), "{text}");
}

#[test]
fn a_nul_byte_among_others_is_refused_with_its_line() {
    assert!(refused("", TABLE.replacen("left", "le\0ft", 1).into(), "INP10").contains("(line 2)"));
}

#[test]
fn a_gzip_bomb_is_refused_and_a_higher_cap_lets_it_through() {
    let long = TABLE.to_owned() + &format!("X9,,ZT1,1974-09-02,Bryn,Ash,{}\n", " ".repeat(900)).repeat(20_000);
    let bytes = packed(long.as_bytes());
    assert!(long.len() / bytes.len() > 200);
    let text = refused("", bytes.clone(), "INP09");
    assert!(text.contains("more than 200 times") && text.contains("max_gzip_ratio"), "{text}");
    assert!(staged("", Caps { max_gzip_ratio: 2000, ..Caps::default() }, bytes).is_ok());
}

/// Runs the program on a damaged file of people in little address space, and checks that it is refused and shows no cell.
fn refused_in_little_memory(damage: impl Fn(&Path), id: &str) -> String {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    damage(&project.path(PEOPLE));
    let done = project.run_within(&["--threads", "2"], LIMIT_KIB);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(done.stderr.starts_with(&format!("error {id}: ")), "{}", done.stderr);
    needles.assert_not_in(&project, &done);
    done.stderr
}

/// Address space that the program may have, its own code and stacks included, in KiB.
const LIMIT_KIB: u64 = 230_000;

#[test]
fn files_without_end_are_refused_in_bounded_memory() {
    let heading = |path: &Path| fs::read_to_string(path).unwrap().lines().next().unwrap().to_owned() + "\n";
    let long = |path: &Path| {
        let start = heading(path) + &"x".repeat(5 << 20);
        fs::write(path, start).unwrap();
        fs::OpenOptions::new().write(true).open(path).unwrap().set_len(10 << 30).unwrap();
    };
    refused_in_little_memory(long, "INP06");
    let wide = |path: &Path| fs::write(path, "a,".repeat(1_000_000) + "a\n").unwrap();
    refused_in_little_memory(wide, "INP08");
    for before in [0, 300_000] {
        let open = |path: &Path| {
            let row = fs::read_to_string(path).unwrap().lines().nth(1).unwrap().to_owned() + "\n";
            let text = heading(path) + &row.repeat(before) + "9456381072,01,\"B4Y667ZRFS\n";
            let mut file = fs::File::create(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let rows = "1234567,01,ZT1,1974-09-02\n".repeat(40_000);
            (0..200).for_each(|_| file.write_all(rows.as_bytes()).unwrap());
        };
        let text = refused_in_little_memory(open, "INP07");
        assert!(text.contains(&format!("line {} ", before + 2)), "{text}");
    }
    let bomb = |path: &Path| {
        let heading = heading(path);
        let mut encoder = GzEncoder::new(fs::File::create(path).unwrap(), Compression::default());
        encoder.write_all(heading.as_bytes()).unwrap();
        let rows = vec![b'\n'; 1 << 20];
        (0..500).for_each(|_| encoder.write_all(&rows).unwrap());
        encoder.finish().unwrap();
    };
    refused_in_little_memory(bomb, "INP09");
}

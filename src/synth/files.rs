//! The files. In: the world. Out: a place, a path and a heading line for each. Leaves alone: rows.

use super::world::{CHARITIES, EMERGENCY, GpExtract, THERAPIES, TRUSTS, World};

const TRUST_TABLES: [(&str, &str); 6] = [
    (
        "MHS001MPI",
        "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Postcode,EthnicCategory,Gender,PersDeathDate,GivenName,FamilyName",
    ),
    (
        "MHS101Referral",
        "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate,SourceOfReferralMH,ClinRespPriorityType,ServDischDate",
    ),
    (
        "MHS102ServiceTypeReferredTo",
        "UniqServReqID,UniqCareProfTeamID,ServTeamTypeRefToMH,ReferClosureDate,ReferRejectionDate",
    ),
    (
        "MHS201CareContact",
        "UniqCareContID,UniqServReqID,CareContDate,CareContTime,AttendStatus,ConsMechanismMH,ClinContDurOfCareCont",
    ),
    ("MHS501HospProvSpell", "UniqHospProvSpellID,UniqServReqID,StartDateHospProvSpell,DischDateHospProvSpell"),
    ("MHS502WardStay", "UniqWardStayID,UniqHospProvSpellID,StartDateWardStay,EndDateWardStay,MHAdmittedPatientClass"),
];
const THERAPY_TABLES: [(&str, &str); 6] = [
    (
        "IDS001MPI",
        "NHSNumber,NHSNumberStatus,LocalPatientId,OrgID_Provider,PersonBirthDate,Postcode,Gender,EthnicCategory,PersDeathDate,GivenName,FamilyName",
    ),
    (
        "IDS101Referral",
        "ServiceRequestId,LocalPatientId,OrgID_Provider,ReferralRequestReceivedDate,SourceOfReferralMH,ServDischDate,EndCode",
    ),
    (
        "IDS201CareContact",
        "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType,ConsMechanism,PlannedCareContIndicator,ClinContDurOfCareCont",
    ),
    ("IDS202CareActivity", "CareActId,CareContactId"),
    ("IDS606CodedScoreAssessmentRefer", "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate"),
    ("IDS607CodedScoreAssessmentAct", "CareActId,CodedAssToolType,PersScore"),
];
const EMERGENCY_HEADING: &str = "NHS_Number,NHS_Number_Status_Indicator_Code,Local_Patient_ID,Generated_Record_ID,Date_of_Birth,Sex,Ethnic_Category,Postcode,Provider_Code,EC_Department_Type,EC_AttendanceCategory,Arrival_Date,Arrival_Time,EC_Chief_Complaint_SNOMED_CT,EC_Injury_Intent_SNOMED_CT,EC_Departure_Date,EC_Departure_Time,EC_Discharge_Status_SNOMED_CT,Given_Name,Family_Name";
const CHARITY_TABLES: [(&str, &str); 4] = [
    (
        "community_client",
        "provider,local_client_id,nhs_number,given_name,family_name,date_of_birth,postcode,gender,ethnic_category,consent_to_link",
    ),
    (
        "community_referral",
        "provider,referral_id,local_client_id,referral_date,referral_source,offer,end_date,end_reason",
    ),
    ("community_contact", "provider,contact_id,referral_id,contact_date,attended,mode,duration_minutes"),
    ("community_outcome", "provider,referral_id,score_date,scale,score"),
];
const LIST_HEADING: &str = "nhs_number,practice_code,start_date,end_date,date_of_birth,sex,ethnic_category,death_date,given_name,family_name,postcode";
const APPOINTMENT_HEADING: &str = "appointment_id,nhs_number,practice_code,booked_datetime,appointment_datetime,status,mode,hcp_type,seen_datetime,left_datetime";
const TRUTH_TABLES: [(&str, &str); 10] = [
    ("people", "person,nhs_number,arms,index_dates,death,moved_out"),
    ("records", "source,provider,local_id,person"),
    ("shared_numbers", "nhs_number,rightful_person,other_person,source"),
    ("mistyped", "source,provider,local_id,person,right_number,typed_number"),
    ("twins", "person,other_person"),
    ("windows", "person,arm,index_date,crossover_date,service,window,days,events"),
    ("errors", "source,provider,local_id,person,error"),
    ("former_numbers", "source,provider,local_id,person,former_number,present_number"),
    ("doubles", "person,other_person,alike_in"),
    ("reused_local_ids", "source,provider,local_id,person,earlier_person,date_of_birth"),
];

/// Places of the single files.
pub(super) const LIST: usize = 42;
pub(super) const PEOPLE: usize = 43;
pub(super) const RECORDS: usize = 44;
pub(super) const SHARED: usize = 45;
pub(super) const MISTYPED: usize = 46;
pub(super) const TWINS: usize = 47;
pub(super) const WINDOWS: usize = 48;
pub(super) const ERRORS: usize = 49;
pub(super) const FORMER: usize = 50;
pub(super) const DOUBLES: usize = 51;
pub(super) const REUSED: usize = 52;
const FIRST_APPOINTMENTS: usize = 53;

/// More people than this get no `windows.csv`.
pub(super) const WINDOWS_LIMIT: u64 = 100_000;

/// A file: its path and heading line.
#[derive(Clone, Debug)]
pub(super) struct FileShape {
    pub(super) path: String,
    pub(super) heading: &'static str,
    pub(super) is_written: bool,
}

/// Place of a trust table, counted from `MHS001MPI` as 0.
pub(super) fn trust(table: usize, provider: usize) -> usize {
    table * 2 + provider
}

/// Place of a Talking Therapies table, counted from `IDS001MPI` as 0.
pub(super) fn therapies(table: usize, provider: usize) -> usize {
    12 + table * 2 + provider
}

pub(super) fn emergency(provider: usize) -> usize {
    24 + provider
}

/// Place of a charity's table, counted from the client table as 0.
pub(super) fn charity(table: usize, provider: usize) -> usize {
    26 + table * 4 + provider
}

pub(super) fn appointments(practice: usize) -> usize {
    FIRST_APPOINTMENTS + practice
}

/// All files with rows about people, by place.
pub(super) fn shapes(world: &World) -> Vec<FileShape> {
    let mut shapes = Vec::new();
    let mut add = |path: String, heading, is_written| shapes.push(FileShape { path, heading, is_written });
    for (table, heading) in TRUST_TABLES {
        for provider in TRUSTS {
            add(format!("mental_health/{provider}_{table}.csv"), heading, true);
        }
    }
    for (table, heading) in THERAPY_TABLES {
        for provider in THERAPIES {
            add(format!("talking_therapies/{provider}_{table}.csv"), heading, true);
        }
    }
    for provider in EMERGENCY {
        add(format!("emergency_care/{provider}_ECDS.csv"), EMERGENCY_HEADING, true);
    }
    for (table, heading) in CHARITY_TABLES {
        for provider in CHARITIES {
            add(format!("community/{provider}_{table}.csv"), heading, true);
        }
    }
    let is_gp_sent = world.options.gp == GpExtract::Sent;
    add("gp/list_gp_registration.csv".to_owned(), LIST_HEADING, is_gp_sent);
    for (table, heading) in TRUTH_TABLES {
        let is_written = table != "windows" || world.options.people <= WINDOWS_LIMIT;
        add(format!("truth/{table}.csv"), heading, is_written);
    }
    for practice in &world.practices {
        let is_written = is_gp_sent && !practice.sent.is_empty();
        add(format!("gp/{}_gp_appointment.csv", practice.code), APPOINTMENT_HEADING, is_written);
    }
    shapes
}

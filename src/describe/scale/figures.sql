-- Treatments of each referral to Talking Therapies: attended, or not planned, and of a type that is treatment.
CREATE OR REPLACE TEMPORARY VIEW treated AS
  SELECT c.referral, count(*) AS treatments
  FROM contacts AS c
  JOIN codes AS s ON s.list = 'service' AND s.number = c.service AND s.meaning = 'talking_therapies'
  JOIN codes AS t ON t.list = 'appointment_type' AND t.number = c.appointment_type
   AND t.meaning IN ('treatment', 'assessment_and_treatment', 'review_and_treatment')
  LEFT JOIN codes AS a ON a.list = 'attendance' AND a.number = c.attendance
  LEFT JOIN codes AS p ON p.list = 'planned' AND p.number = c.planned
  WHERE a.meaning IN ('attended', 'attended_late') OR p.meaning = 'no'
  GROUP BY c.referral;

-- The first and the last score of each scale between referral and discharge; no last one where there is a single score.
CREATE OR REPLACE TEMPORARY VIEW scored AS
  SELECT referral, scale,
    max(CASE WHEN from_first = 1 THEN score END) AS first_score,
    max(CASE WHEN from_last = 1 AND from_first > 1 THEN score END) AS last_score
  FROM (
    SELECT x.referral, l.meaning AS scale, x.score,
      row_number() OVER (PARTITION BY x.referral, x.scale ORDER BY x.date, x.score) AS from_first,
      row_number() OVER (PARTITION BY x.referral, x.scale ORDER BY x.date DESC, x.score DESC) AS from_last
    FROM scores AS x
    JOIN referrals AS r ON r.referral = x.referral
    JOIN codes AS l ON l.list = 'scale' AND l.number = x.scale AND l.meaning IN ('phq9', 'gad7')
    LEFT JOIN codes AS a ON a.list = 'attendance' AND a.number = x.attendance
    LEFT JOIN codes AS p ON p.list = 'planned' AND p.number = x.planned
    WHERE x.date >= r.received_date AND (r.discharge_date IS NULL OR x.date <= r.discharge_date)
      AND (x.is_at_contact = 0 OR a.meaning IN ('attended', 'attended_late') OR p.meaning = 'no')
  ) AS ordered
  GROUP BY referral, scale;

-- Finished courses: discharged after two treatments or more, with whether they were at caseness and are below it.
CREATE OR REPLACE TEMPORARY VIEW finished AS
  SELECT r.referral, r.person, r.received_date, r.discharge_date,
    d.first_score < 10 AND g.first_score < 8 AS was_below,
    d.last_score < 10 AND g.last_score < 8 AND (d.first_score >= 10 OR g.first_score >= 8) AS has_recovered
  FROM referrals AS r
  JOIN treated AS t ON t.referral = r.referral AND t.treatments >= 2
  LEFT JOIN scored AS d ON d.referral = r.referral AND d.scale = 'phq9'
  LEFT JOIN scored AS g ON g.referral = r.referral AND g.scale = 'gad7'
  WHERE r.discharge_date IS NOT NULL;

-- What is counted: a figure, whose it is, the day that decides the pathway, and the day that decides the quarter.
CREATE OR REPLACE TEMPORARY VIEW counted AS
  SELECT CASE s.meaning WHEN 'talking_therapies' THEN 'tt_referrals' WHEN 'community' THEN 'vc_referrals'
      ELSE 'mh_new_referrals' END AS metric_id,
    r.person, r.received_date AS start_day, r.received_date AS day, 1 AS numerator, 1 AS denominator
  FROM referrals AS r JOIN codes AS s ON s.list = 'service' AND s.number = r.service
  UNION ALL
  SELECT 'tt_finished', person, received_date, discharge_date, 1, 1 FROM finished
  UNION ALL
  SELECT 'tt_recovery', person, received_date, discharge_date, CASE WHEN has_recovered THEN 1 ELSE 0 END, 1
  FROM finished WHERE was_below IS NULL OR NOT was_below
  UNION ALL
  SELECT 'ed_attendances', e.person, e.date, e.date, 1, 1
  FROM attendances AS e
  LEFT JOIN codes AS t ON t.list = 'department_type' AND t.number = e.department_type
  WHERE t.meaning IS NULL OR t.meaning <> 'same_day'
  UNION ALL
  -- A stay across two quarters gives each its own days; one without an end runs to the quarter's last day, and counts it.
  SELECT 'mh_bed_days', w.person, w.start_day, q.first_day,
    LEAST(COALESCE(w.end_number, q.next_number), q.next_number) - GREATEST(w.start_number, q.first_number),
    LEAST(COALESCE(w.end_number, q.next_number), q.next_number) - GREATEST(w.start_number, q.first_number)
  FROM ward_stays AS w
  JOIN quarters AS q ON w.start_number < q.next_number AND (w.end_number IS NULL OR w.end_number > q.first_number);

-- Whose it is: everyone's, and each pathway's that the person is on on the day that decides it.
CREATE OR REPLACE TEMPORARY VIEW placed AS
  SELECT 'everyone' AS pathway, metric_id, day, numerator, denominator FROM counted
  UNION ALL
  SELECT e.pathway, c.metric_id, c.day, c.numerator, c.denominator
  FROM counted AS c
  JOIN pathway_episodes AS e ON e.person = c.person AND c.start_day >= e.index_date AND c.start_day < e.end_date;

-- The figures, also where nothing happened.
SELECT m.metric_id, p.pathway, q.period,
  COALESCE(SUM(f.numerator), 0) AS numerator, COALESCE(SUM(f.denominator), 0) AS denominator
FROM (SELECT DISTINCT metric_id FROM counted) AS m
CROSS JOIN (SELECT 'everyone' AS pathway UNION SELECT DISTINCT pathway FROM pathway_episodes) AS p
CROSS JOIN quarters AS q
LEFT JOIN placed AS f
  ON f.metric_id = m.metric_id AND f.pathway = p.pathway AND f.day >= q.first_day AND f.day < q.next_day
GROUP BY m.metric_id, p.pathway, q.period
ORDER BY m.metric_id, p.pathway, q.period;

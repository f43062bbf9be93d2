-- Whom a message goes to, or whose task it is: until now only the item's id said so.

ALTER TABLE outbox ADD COLUMN addressee text;
UPDATE outbox SET addressee = CASE
    WHEN item = 'dms' THEN 'dms'
    WHEN item IN ('previous_office_electronic', 'previous_office_paper') THEN 'previous_office'
    WHEN item = 'guardianship_body' THEN 'guardianship_body'
    WHEN item IN ('applicant_sms', 'applicant_diia') THEN 'applicant'
    WHEN item = 'extract_superseded' THEN 'extract_holder'
    WHEN item IN ('offence_protocol', 'dms_referral', 'dms_new_document', 'record_occupied_address') THEN 'registrar'
    WHEN item = 'residence_after_death' THEN 'head_of_office'
END;

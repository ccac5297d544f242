-- What happened is appended and never changed.
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is never changed: % on % refused. Append a correcting fact instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER interaction_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON interaction
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_order_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_order
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- A statement's new ids are noted with it; the sequencer sees them once the writer has committed.
CREATE FUNCTION ledger_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_noted (ids, bulk) SELECT array_agg(id ORDER BY id), bulk FROM fresh GROUP BY bulk;
    IF FOUND THEN
        PERFORM pg_notify('orchard_noted', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER interaction_noted AFTER INSERT ON interaction
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_note();

INSERT INTO ledger_head (id, pos) VALUES (1, 0);

-- The one way to read facts: in order, withdrawn ones gone, moved ones with their contact, old ids as the living one.
CREATE VIEW facts AS
SELECT o.pos, i.id AS interaction_id, coalesce(a.living_id, c.contact_id, i.contact_id) AS contact_id, i.account_id,
       i.kind, i.occurred_at, i.recorded_at, i.direction, i.subject_kind, i.subject_id, i.campaign_id, i.content_id,
       i.member_id, i.amount, i.currency, i.import_id, o.bulk, m.made_by IS NULL AS human
  FROM ledger_order o
  JOIN interaction i ON i.id = o.interaction_id
  LEFT JOIN ledger_correction c ON c.interaction_id = i.id AND c.ended_by IS NULL
  LEFT JOIN contact_alias a ON a.old_id = coalesce(c.contact_id, i.contact_id) AND a.ended_by IS NULL
  LEFT JOIN interaction_class m ON m.interaction_id = i.id
 WHERE c.id IS NULL OR c.contact_id IS NOT NULL;

-- The same for a few contacts, by index. An id that was joined with another has no facts of its own.
CREATE FUNCTION facts_of(living bigint[]) RETURNS SETOF facts LANGUAGE sql STABLE AS $$
    WITH old AS (
        SELECT each AS id, each AS living_id FROM unnest(living) AS each
         WHERE NOT EXISTS (SELECT FROM contact_alias a WHERE a.old_id = each AND a.ended_by IS NULL)
        UNION ALL
        SELECT old_id, living_id FROM contact_alias WHERE living_id = ANY (living) AND ended_by IS NULL
    ), mine AS (
        SELECT i.id, old.living_id FROM old JOIN interaction i ON i.contact_id = old.id
         WHERE NOT EXISTS (SELECT FROM ledger_correction c WHERE c.interaction_id = i.id AND c.ended_by IS NULL)
        UNION ALL
        SELECT c.interaction_id, old.living_id FROM old JOIN ledger_correction c ON c.contact_id = old.id
         WHERE c.ended_by IS NULL
    )
    SELECT o.pos, i.id, mine.living_id, i.account_id, i.kind, i.occurred_at, i.recorded_at, i.direction,
           i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency, i.import_id,
           o.bulk, m.made_by IS NULL
      FROM mine
      JOIN interaction i ON i.id = mine.id
      JOIN ledger_order o ON o.interaction_id = i.id
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
$$;

-- The same as it was when the order had reached `at_pos`.
CREATE FUNCTION facts_at(at_pos bigint) RETURNS SETOF facts LANGUAGE sql STABLE AS $$
    WITH correction AS (
        SELECT c.interaction_id, c.contact_id FROM ledger_correction c
          JOIN ledger_order made ON made.interaction_id = c.made_by AND made.pos <= at_pos
          LEFT JOIN ledger_order ended ON ended.interaction_id = c.ended_by
         WHERE c.ended_by IS NULL OR ended.pos IS NULL OR ended.pos > at_pos
    ), alias AS (
        SELECT a.old_id, a.living_id FROM contact_alias a
          JOIN ledger_order made ON made.interaction_id = a.made_by AND made.pos <= at_pos
          LEFT JOIN ledger_order ended ON ended.interaction_id = a.ended_by
         WHERE a.ended_by IS NULL OR ended.pos IS NULL OR ended.pos > at_pos
    )
    SELECT o.pos, i.id, coalesce(a.living_id, c.contact_id, i.contact_id), i.account_id, i.kind, i.occurred_at,
           i.recorded_at, i.direction, i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id,
           i.amount, i.currency, i.import_id, o.bulk, m.made_by IS NULL
      FROM ledger_order o
      JOIN interaction i ON i.id = o.interaction_id
      LEFT JOIN correction c ON c.interaction_id = i.id
      LEFT JOIN alias a ON a.old_id = coalesce(c.contact_id, i.contact_id)
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
     WHERE o.pos <= at_pos AND (c.interaction_id IS NULL OR c.contact_id IS NOT NULL)
$$;

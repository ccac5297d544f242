-- The facts of a few contacts, each found in one pass. A fact that can be seen has its place, or is noted still: both
-- are written by the same transaction, and the ids of a note are in order. So only the youngest are asked whether they
-- have a place, and only who asks for the place looks it up: the planner drops what nobody asks for, as long as nothing
-- is named by WITH. Who made a fact is asked by the absence of a class, which the planner can estimate.
CREATE OR REPLACE FUNCTION facts_of(living bigint[]) RETURNS SETOF facts LANGUAGE sql STABLE AS $$
    SELECT o.pos, i.id, old.living_id, i.account_id, i.kind, i.occurred_at, i.recorded_at, i.direction,
           i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency, i.import_id,
           o.bulk, m.interaction_id IS NULL
      FROM (
            SELECT each AS id, each AS living_id FROM unnest(living) AS each
             WHERE NOT EXISTS (SELECT FROM contact_alias a WHERE a.old_id = each AND a.ended_by IS NULL)
           ) old
      JOIN interaction i ON i.contact_id = old.id
      LEFT JOIN ledger_order o ON o.interaction_id = i.id
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
     WHERE NOT EXISTS (SELECT FROM ledger_correction c WHERE c.interaction_id = i.id AND c.ended_by IS NULL)
       AND (i.id < coalesce((SELECT min(n.ids[1]) FROM ledger_noted n), 9223372036854775807)
            OR (SELECT placed.pos FROM ledger_order placed WHERE placed.interaction_id = i.id) IS NOT NULL)
    UNION ALL
    SELECT o.pos, i.id, old.living_id, i.account_id, i.kind, i.occurred_at, i.recorded_at, i.direction,
           i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency, i.import_id,
           o.bulk, m.interaction_id IS NULL
      FROM contact_alias old
      JOIN interaction i ON i.contact_id = old.old_id
      LEFT JOIN ledger_order o ON o.interaction_id = i.id
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
     WHERE old.living_id = ANY (living) AND old.ended_by IS NULL
       AND NOT EXISTS (SELECT FROM ledger_correction c WHERE c.interaction_id = i.id AND c.ended_by IS NULL)
       AND (i.id < coalesce((SELECT min(n.ids[1]) FROM ledger_noted n), 9223372036854775807)
            OR (SELECT placed.pos FROM ledger_order placed WHERE placed.interaction_id = i.id) IS NOT NULL)
    UNION ALL
    SELECT o.pos, i.id, old.living_id, i.account_id, i.kind, i.occurred_at, i.recorded_at, i.direction,
           i.subject_kind, i.subject_id, i.campaign_id, i.content_id, i.member_id, i.amount, i.currency, i.import_id,
           o.bulk, m.interaction_id IS NULL
      FROM (
            SELECT each AS id, each AS living_id FROM unnest(living) AS each
             WHERE NOT EXISTS (SELECT FROM contact_alias a WHERE a.old_id = each AND a.ended_by IS NULL)
            UNION ALL
            SELECT old_id, living_id FROM contact_alias WHERE living_id = ANY (living) AND ended_by IS NULL
           ) old
      JOIN ledger_correction c ON c.contact_id = old.id AND c.ended_by IS NULL
      JOIN interaction i ON i.id = c.interaction_id
      LEFT JOIN ledger_order o ON o.interaction_id = i.id
      LEFT JOIN interaction_class m ON m.interaction_id = i.id
     WHERE (i.id < coalesce((SELECT min(n.ids[1]) FROM ledger_noted n), 9223372036854775807)
            OR (SELECT placed.pos FROM ledger_order placed WHERE placed.interaction_id = i.id) IS NOT NULL)
$$;

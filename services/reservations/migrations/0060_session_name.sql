-- Nobody reads activity.classes and activity.waiting_list any more, nor writes them: place_rule holds
-- what counts. A later release drops them, when no copy of an older one is at work.

-- What families and staff read as a session's name: the activity's, and the slot's where it has one.
CREATE FUNCTION session_name(activity text, slot text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN concat_ws(' – ', activity, nullif(slot, ''));

-- Children whose file was taken in before migrations 0020 and 0021 lack what these ask for: whether
-- they bring their meal, and their birth date. The same file, told again, fills it: all that we
-- listen to is idempotent, so it may come again, by `portail replay` or the refill of an embedded
-- bus, which is done at each start.
DELETE FROM inbox WHERE EXISTS (SELECT FROM child WHERE birth_date IS NULL);

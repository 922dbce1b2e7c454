"""Where numbers have a gap."""

# A run at work has taken numbers that it has not written yet. Invoices that the law no longer asks
# to keep are gone, and counted: `expired_number`.
NUMBERS_ARE_GAPLESS = """
WITH taken AS (
    SELECT register, fiscal_year, sequence, 1 AS numbers FROM invoice
    UNION ALL SELECT register, fiscal_year, sequence, 1 FROM planned_invoice
    UNION ALL SELECT register, fiscal_year, NULL, numbers FROM expired_number
    WHERE kind = 'invoice'
)
SELECT format('register %s, year %s: %s invoices, numbered %s to %s; the counter says %s',
              register, fiscal_year, i.invoices, i.first, i.last, k.last_number)
FROM (SELECT register, fiscal_year, sum(numbers) AS invoices, min(sequence) AS first,
             max(sequence) AS last
      FROM taken GROUP BY 1, 2) i
FULL JOIN invoice_counter k USING (register, fiscal_year)
WHERE coalesce(i.invoices, 0) <> coalesce(k.last_number, 0) OR i.first < 1
    OR i.last > k.last_number
"""

SERIES_ARE_GAPLESS = """
WITH numbered AS (
    SELECT 'receipt' AS kind, reference AS number FROM payment
    WHERE method IN ('cash', 'cheque', 'cesu')
    UNION ALL SELECT 'slip', number FROM cheque_slip WHERE number IS NOT NULL
    UNION ALL SELECT 'credit_note', number FROM credit_note
), taken AS (
    SELECT kind, split_part(number, '-', 2) AS register,
           substr(split_part(number, '-', 1), 2)::integer AS fiscal_year,
           count(DISTINCT number) AS numbers, max(split_part(number, '-', 3)::integer) AS last
    FROM numbered GROUP BY 1, 2, 3
    UNION ALL SELECT 'bordereau', '', fiscal_year, count(*), max(number) FROM pes_batch GROUP BY 3
    UNION ALL SELECT kind, register, fiscal_year, numbers, NULL FROM expired_number
    WHERE kind <> 'invoice'
), counted AS (
    SELECT kind, register, fiscal_year, sum(numbers) AS numbers, max(last) AS last
    FROM taken GROUP BY 1, 2, 3
)
SELECT format('%s of register %s, year %s: %s numbers up to %s; the series says %s', kind,
              register, fiscal_year, c.numbers, c.last, s.last_number)
FROM counted c FULL JOIN number_series s USING (kind, register, fiscal_year)
WHERE coalesce(c.numbers, 0) <> coalesce(s.last_number, 0) OR c.last > s.last_number
"""

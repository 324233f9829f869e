/** DuckDB cuts a statement at NUL, so a name or value that holds one is refused before it reaches SQL. */
function withoutNul(text: string): string {
  if (text.includes('\0')) throw new RangeError('NUL character in a SQL name or value')
  return text
}

/** The one way an identifier enters SQL: double-quoted, embedded quotes doubled. */
export const quoteIdent = (name: string): string => `"${withoutNul(name).replaceAll('"', '""')}"`

/** The one way a text value enters SQL when it can't be bound: single-quoted, embedded quotes doubled. */
export const quoteLiteral = (value: string): string => `'${withoutNul(value).replaceAll("'", "''")}'`

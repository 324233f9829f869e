/** One cell as a spreadsheet reads it from the clipboard: quoted when it holds a tab, a line break or a quote. */
export function tsvCell(text: string): string {
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Header and rows as tab-separated text. */
export const toTsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => row.map(tsvCell).join('\t')).join('\n')

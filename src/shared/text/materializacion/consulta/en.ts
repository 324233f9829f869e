import type { consultaEs } from './es'

/** The same words in English. */
export const consultaEn: Record<keyof typeof consultaEs, string> = {
  'consulta.editor': 'SQL query',
  'consulta.empty':
    'Write a query and run it, or open a table on the left. It only reads: no query changes the data.',
  'consulta.enter': 'Enter',
  'consulta.export': 'Export',
  'consulta.copyPath': 'Copy the path of the file',
  'consulta.exported': '{n} {n|row|rows} exported to',
  'consulta.failed': 'The query could not run',
  'consulta.failedAt': 'The query could not run: line {line}, column {column}',
  'consulta.history': 'History',
  'consulta.insertName': 'Write {name} into the query',
  'consulta.noRows': 'The query returns no rows.',
  'consulta.noTables': 'No tables yet: they appear with the first load into the data of the console.',
  'consulta.noTablesFound': 'No table matches the search.',
  'consulta.openTable': 'See the first rows',
  'consulta.openTableOf': 'See the first rows of {name}',
  'consulta.purpose': 'Read-only queries over the data that this console keeps.',
  'consulta.results': 'Result',
  'consulta.rows': '{n} {n|row|rows}',
  'consulta.rowsMore': '{n} rows, and there are more',
  'consulta.run': 'Run',
  'consulta.running': 'Query running',
  'consulta.searchTables': 'Search table or column',
  'consulta.tables': 'Tables',
  'consulta.title': 'SQL query',
}

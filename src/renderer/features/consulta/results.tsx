import { Text } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../../app/prefs'
import type { GridColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import type { GridSource } from '../../ui/grid/source'
import { isNumber } from './statements'
import type { Result, SqlRow } from './use-statement'

interface ResultsProps {
  result: Result
  source: GridSource<SqlRow>
  tools: ReactNode
}

const LETTER = 8

/** Wide enough for its header and for what its first rows hold. */
function widthOf(result: Result, index: number, header: string): number {
  const longest = result.filas
    .slice(0, 50)
    .reduce((most, row) => Math.max(most, row[index]?.length ?? 0), header.length)
  return Math.min(320, Math.max(90, longest * LETTER + 24))
}

/** The rows of a statement, with the type of each column. */
export function Results({ result, source, tools }: ResultsProps) {
  const { t, duration } = useText()
  // Their widths are of the first page: the columns do not move as more rows come.
  const { columnas, sql } = result
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows that come later change nothing
  const columns = useMemo<GridColumn<SqlRow>[]>(
    () =>
      columnas.map(({ nombre, tipo }, index) => {
        const header = `${nombre} · ${tipo.toLowerCase()}`
        return {
          id: `${index}:${nombre}`,
          header,
          width: widthOf(result, index, header),
          floor: widthOf(result, index, header),
          align: isNumber(tipo) ? 'right' : 'left',
          text: (row) => row[index] ?? '',
          render: (row) => {
            const value = row[index] ?? null
            return value === null ? (
              <Text span size="xs" c="dimmed" fs="italic">
                {t('mapeo.nulo')}
              </Text>
            ) : (
              <span className="sage-cut">{value}</span>
            )
          },
        }
      }),
    [columnas, sql, t],
  )
  return (
    <DataGrid
      id="consulta"
      label={t('consulta.results')}
      columns={columns}
      source={source}
      resetKey={sql}
      counter={() =>
        `${t(result.hayMas ? 'consulta.rowsMore' : 'consulta.rows', { n: result.filas.length })} · ${duration(result.ms)}`
      }
      empty={{ text: t('consulta.noRows') }}
      toolbar={
        <Text size="sm" fw={600}>
          {t('consulta.results')}
        </Text>
      }
      tools={tools}
    />
  )
}

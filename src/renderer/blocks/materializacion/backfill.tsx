import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Ejecucion } from '@shared/model/execution'
import type { Materializacion } from '@shared/model/materializacion'
import { useCallback, useState } from 'react'
import { watchCargas } from '../../api/cargas'
import { useCommand } from '../../api/hooks'
import { useText, type Text as Words } from '../../app/prefs'
import { DayInput } from '../../ui/day-input'
import { ErrorBlock } from '../../ui/error-block'
import { dateColumn } from '../../ui/grid/columns'
import { DataGrid } from '../../ui/grid/data-grid'
import { stretches } from '../../ui/grid/selection'
import { usePagedSource } from '../../ui/grid/source'
import { notifyDone } from '../../ui/notify'
import { SearchBox } from '../../ui/search-box'
import { EstadoBadge } from '../../ui/state-badge'
import { dayInstant } from '../execution-filters'

type Target = Pick<Materializacion, 'id' | 'nombre' | 'casillaId'>

/** Loads past executions through a materialization: those of some dates, or those chosen. */
export const openBackfill = (t: Words['t'], row: Target) =>
  modals.open({
    title: t('backfill.title', { name: row.nombre }),
    size: 860,
    children: <Backfill row={row} />,
  })

/** Those chosen in the list; their ids are brought when they are needed, seen or not. */
interface ChosenIds {
  count: number
  ids: () => Promise<string[]>
}
const NONE: ChosenIds = { count: 0, ids: async () => [] }

/** Local days, both included. */
interface Range {
  desde?: string | undefined
  hasta?: string | undefined
}

const instantsOf = ({ desde, hasta }: Range) => ({
  ...(desde ? { desde: dayInstant(desde, 'start') } : {}),
  ...(hasta ? { hasta: dayInstant(hasta, 'end') } : {}),
})

function Backfill({ row }: { row: Target }) {
  const { t } = useText()
  const [how, setHow] = useState<'fechas' | 'elegidas'>('fechas')
  const [range, setRange] = useState<Range>({})
  const [chosen, setChosen] = useState<ChosenIds>(NONE)
  const start = useCommand('cargas.iniciar', [
    'cargas.list',
    'materializaciones.list',
    'materializaciones.get',
  ])
  const submit = async () => {
    const which = how === 'elegidas' ? { executionIds: await chosen.ids() } : instantsOf(range)
    start.mutate(
      { materializacionId: row.id, ...which },
      {
        onSuccess: ({ cargas }) => {
          watchCargas(cargas)
          notifyDone(t(cargas.length > 0 ? 'backfill.started' : 'backfill.nothing', { n: cargas.length }))
          modals.closeAll()
        },
      },
    )
  }
  return (
    <Stack gap="md">
      <Text size="sm">{t('backfill.text')}</Text>
      <Radio.Group
        value={how}
        onChange={(value) => setHow(value === 'elegidas' ? 'elegidas' : 'fechas')}
        aria-label={t('backfill.which')}
      >
        <Group gap="lg">
          <Radio value="fechas" label={t('backfill.dates')} />
          <Radio value="elegidas" label={t('backfill.chosen')} />
        </Group>
      </Radio.Group>
      {how === 'fechas' ? (
        <Dates range={range} onChange={setRange} />
      ) : (
        <Executions casillaId={row.casillaId} onChosen={setChosen} />
      )}
      {start.error ? <ErrorBlock error={start.error.data} onRetry={() => void submit()} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.closeAll()}>
          {t('action.cancel')}
        </Button>
        <Button
          loading={start.isPending}
          disabled={how === 'elegidas' && chosen.count === 0}
          onClick={() => void submit()}
        >
          {how === 'elegidas' ? t('backfill.load', { n: chosen.count }) : t('backfill.loadDates')}
        </Button>
      </Group>
    </Stack>
  )
}

function Dates({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const { t } = useText()
  return (
    <Stack gap={4}>
      <Group gap="xs">
        {(['desde', 'hasta'] as const).map((edge) => (
          <DayInput
            key={edge}
            label={t(`filter.${edge}`)}
            value={range[edge]}
            onChange={(day) => onChange({ ...range, [edge]: day })}
          />
        ))}
      </Group>
      <Text size="xs" c="dimmed">
        {t('backfill.datesHelp')}
      </Text>
    </Stack>
  )
}

const pick = (output: { items: Ejecucion[]; total: number }) => output

interface ExecutionsProps {
  casillaId: number
  onChosen: (chosen: ChosenIds) => void
}

/** Finished executions of the casilla, to choose among. */
function Executions({ casillaId, onChosen }: ExecutionsProps) {
  const { t, lang, date, number } = useText()
  const [search, setSearch] = useState<string | undefined>()
  // What arrives while the person chooses does not push the rows from their places.
  const [to] = useState(() => new Date().toISOString())
  const source = usePagedSource<'executions.list', Ejecucion>(
    'executions.list',
    { casillaId, fase: 'terminada', to, ...(search ? { search } : {}) },
    pick,
  )
  const { range } = source
  const tell = useCallback(
    (rows: ReadonlySet<number>) =>
      onChosen({
        count: rows.size,
        ids: async () => {
          const parts = await Promise.all(stretches(rows).map(({ from, to: last }) => range(from, last)))
          return parts.flat().map(({ id }) => id)
        },
      }),
    [onChosen, range],
  )
  return (
    <div style={{ height: 340, display: 'flex' }}>
      <DataGrid
        id="backfill"
        label={t('executions.title')}
        source={source}
        onSelection={tell}
        resetKey={search ?? ''}
        counter={(n) => t('executions.count', { n })}
        empty={{ text: t('backfill.none') }}
        toolbar={<SearchBox label={t('executions.search')} width={220} value={search} onChange={setSearch} />}
        columns={[
          {
            id: 'estado',
            header: t('column.estado'),
            width: 110,
            text: (row) => row.estado ?? '',
            render: (row) => (row.estado ? <EstadoBadge estado={row.estado} /> : null),
          },
          { id: 'archivo', header: t('column.archivo'), width: 240, grow: true, text: (row) => row.archivo },
          {
            id: 'creadaEn',
            header: t('column.creadaEn'),
            ...dateColumn(lang),
            text: (row) => date(row.creadaEn),
          },
          {
            id: 'registros',
            header: t('column.registros'),
            width: 100,
            align: 'right',
            text: (row) => number(row.registros),
          },
        ]}
      />
    </div>
  )
}

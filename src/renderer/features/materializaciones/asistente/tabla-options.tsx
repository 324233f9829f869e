import {
  Autocomplete,
  Card,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { TablaMaterializada } from '@shared/model/materializacion'
import { useOp } from '../../../api/hooks'
import { useText } from '../../../app/prefs'
import { COMPRESION_VALUES, DERIVA_VALUES, FORMATO_VALUES } from '../../../blocks/materializacion/values'
import { focusId } from './faults'
import { Indices } from './indices'
import type { TablaState } from './use-tabla'
import type { WizardState } from './use-wizard'

interface TablaOptionsProps {
  wizard: WizardState
  state: TablaState
  tabla: TablaMaterializada
}

/** Which table, whether it is made, what to do when it is not as expected, its indexes; of a file, its format. */
export function TablaOptions({ wizard, state, tabla }: TablaOptionsProps) {
  const { t } = useText()
  const { update } = state
  return (
    <div style={{ overflow: 'auto', flex: 1 }}>
      <SimpleGrid cols={2} spacing="md" maw={1200} style={{ alignItems: 'start' }}>
        <Stack gap="md">
          <Where wizard={wizard} state={state} tabla={tabla} />
          {tabla.formato ? <Formato state={state} tabla={tabla} formato={tabla.formato} /> : null}
        </Stack>
        <Stack gap="md">
          <Card>
            <Radio.Group
              label={<Title order={2}>{t('mapeo.deriva')}</Title>}
              description={t('mapeo.deriva.help')}
              value={tabla.deriva}
              onChange={(value) => {
                const deriva = DERIVA_VALUES.find((known) => known === value)
                if (deriva) update({ deriva })
              }}
            >
              <Stack gap="xs" mt="xs">
                {DERIVA_VALUES.map((value) => (
                  <Radio
                    key={value}
                    size="sm"
                    value={value}
                    label={t(`deriva.${value}`)}
                    description={t(`deriva.${value}.help`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
          </Card>
          {tabla.formato ? null : <Indices state={state} tabla={tabla} />}
        </Stack>
      </SimpleGrid>
    </div>
  )
}

function Where({ wizard, state, tabla }: TablaOptionsProps) {
  const { t } = useText()
  const { index, update, faultAt } = state
  const destinoId = wizard.draft.destinoId ?? 0
  const [search] = useDebouncedValue(tabla.tabla.trim(), 300)
  const tables = useOp('destinos.tablas', { id: destinoId, search }, { keep: true })
  const names = [...new Set((tables.data?.items ?? []).map((one) => one.tabla))].slice(0, 100)
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>{t(tabla.formato ? 'mapeo.archivo' : 'column.tabla')}</Title>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          {tabla.formato ? null : (
            <TextInput
              w={150}
              label={t('mapeo.esquema')}
              placeholder={t('mapeo.esquema.default')}
              maxLength={255}
              spellCheck={false}
              value={tabla.esquema ?? ''}
              onChange={(event) => update({ esquema: event.currentTarget.value || null })}
            />
          )}
          <Autocomplete
            id={focusId('tabla', index)}
            style={{ flex: 1 }}
            size="sm"
            label={t('column.nombre')}
            required
            maxLength={255}
            spellCheck={false}
            data={names}
            limit={20}
            value={tabla.tabla}
            error={faultAt(focusId('tabla', index))}
            onChange={(nombre) => update({ tabla: nombre })}
          />
        </Group>
        {tables.error ? (
          <Text size="sm" c="var(--sage-red)">
            {[tables.error.data.message, tables.error.data.hint].filter(Boolean).join(' ')}
          </Text>
        ) : (
          <Existing destinoId={destinoId} tabla={tabla} />
        )}
        <Switch
          label={t('mapeo.crear')}
          description={t(tabla.formato ? 'mapeo.crear.helpFile' : 'mapeo.crear.help')}
          checked={tabla.crear}
          onChange={(event) => update({ crear: event.currentTarget.checked })}
        />
      </Stack>
    </Card>
  )
}

/** What is there already, so that nobody writes into another's table unknowing. */
function Existing({ destinoId, tabla }: { destinoId: number; tabla: TablaMaterializada }) {
  const { t } = useText()
  const [wanted] = useDebouncedValue({ esquema: tabla.esquema, tabla: tabla.tabla.trim() }, 300)
  const found = useOp(
    'destinos.tabla',
    { id: destinoId, ...wanted },
    { enabled: wanted.tabla !== '', keep: true },
  )
  if (!found.data) return null
  if (!found.data.existe)
    return (
      <Text size="sm" c="dimmed">
        {t(tabla.crear ? 'mapeo.noExiste' : 'mapeo.noExiste.noCrear')}
      </Text>
    )
  const names = new Set(found.data.columnas.map(({ nombre }) => nombre.toLowerCase()))
  const missing = tabla.columnas.filter(({ nombre }) => !names.has(nombre.toLowerCase()))
  return (
    <Text size="sm">
      {t('mapeo.existe', { n: found.data.columnas.length })}
      {missing.length > 0
        ? ` ${t('mapeo.existe.faltan', {
            n: missing.length,
            names: missing
              .slice(0, 5)
              .map(({ nombre }) => nombre)
              .join(', '),
          })}`
        : ''}
    </Text>
  )
}

type Formatos = NonNullable<TablaMaterializada['formato']>
type FormatoDe<T extends Formatos['tipo']> = Extract<Formatos, { tipo: T }>

interface FormatoProps {
  state: TablaState
  tabla: TablaMaterializada
  formato: Formatos
}

function Formato({ state, tabla, formato }: FormatoProps) {
  const { t } = useText()
  const set = (next: Formatos) => state.update({ formato: next })
  const choose = (value: string | null) => {
    const tipo = FORMATO_VALUES.find((known) => known === value)
    if (tipo === 'parquet') set({ tipo, compresion: 'zstd', filasPorGrupo: 122_880, particiones: [] })
    if (tipo === 'csv') set({ tipo, delimitador: ',', encabezado: true })
    if (tipo === 'jsonl') set({ tipo })
    if (tipo === 'excel') set({ tipo, hoja: 'Datos' })
  }
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>{t('mapeo.formato')}</Title>
        <Select
          w={240}
          aria-label={t('mapeo.formato')}
          allowDeselect={false}
          data={FORMATO_VALUES.map((value) => ({ value, label: t(`formato.${value}`) }))}
          value={formato.tipo}
          onChange={choose}
        />
        {formato.tipo === 'parquet' ? <Parquet tabla={tabla} formato={formato} set={set} /> : null}
        {formato.tipo === 'csv' ? <Csv formato={formato} set={set} /> : null}
        {formato.tipo === 'excel' ? (
          <TextInput
            w={240}
            label={t('formato.hoja')}
            maxLength={31}
            value={formato.hoja}
            onChange={(event) =>
              event.currentTarget.value && set({ ...formato, hoja: event.currentTarget.value })
            }
          />
        ) : null}
      </Stack>
    </Card>
  )
}

interface ParquetProps {
  tabla: TablaMaterializada
  formato: FormatoDe<'parquet'>
  set: (formato: Formatos) => void
}

function Parquet({ tabla, formato, set }: ParquetProps) {
  const { t } = useText()
  return (
    <>
      <Group gap="sm">
        <Select
          w={150}
          label={t('formato.compresion')}
          allowDeselect={false}
          data={COMPRESION_VALUES.map((value) => ({ value, label: t(`compresion.${value}`) }))}
          value={formato.compresion}
          onChange={(value) => {
            const compresion = COMPRESION_VALUES.find((known) => known === value)
            if (compresion) set({ ...formato, compresion })
          }}
        />
        <NumberInput
          w={170}
          label={t('formato.grupo')}
          min={2048}
          max={10_000_000}
          step={2048}
          allowDecimal={false}
          thousandSeparator=","
          value={formato.filasPorGrupo}
          onChange={(value) => typeof value === 'number' && set({ ...formato, filasPorGrupo: value })}
        />
      </Group>
      <MultiSelect
        label={t('formato.particiones')}
        description={t('formato.particiones.help')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        size="sm"
        searchable
        maxValues={8}
        data={tabla.columnas.map(({ nombre }) => nombre).filter(Boolean)}
        value={formato.particiones}
        onChange={(particiones) => set({ ...formato, particiones })}
      />
    </>
  )
}

function Csv({ formato, set }: { formato: FormatoDe<'csv'>; set: (formato: Formatos) => void }) {
  const { t } = useText()
  return (
    <Group gap="lg" align="flex-end">
      <TextInput
        w={110}
        label={t('formato.delimitador')}
        maxLength={1}
        value={formato.delimitador}
        onChange={(event) =>
          event.currentTarget.value && set({ ...formato, delimitador: event.currentTarget.value })
        }
      />
      <Switch
        mb={8}
        label={t('formato.encabezado')}
        checked={formato.encabezado}
        onChange={(event) => set({ ...formato, encabezado: event.currentTarget.checked })}
      />
    </Group>
  )
}

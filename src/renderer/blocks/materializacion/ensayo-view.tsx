import { Group, Stack, Text, Title } from '@mantine/core'
import type { Ensayo } from '@shared/model/materializacion'
import { useState } from 'react'
import { useText } from '../../app/prefs'
import { cambioKey } from '../../ui/carga-badge'
import { CopyText } from '../../ui/copy-text'
import { PlainTable } from '../../ui/plain-table'
import { changeLines } from './cambios'
import { TablaSelect } from './tabla-select'
import './ensayo-view.css'

type Tabla = Ensayo['tablas'][number]

interface EnsayoViewProps {
  tablas: readonly Tabla[]
  /** `hecho`: what a load did; `previsto`: what one would do. */
  tense: 'hecho' | 'previsto'
}

/** What a load changes, table by table: how many rows of each kind, the statements, and the first changes. */
export function EnsayoView({ tablas, tense }: EnsayoViewProps) {
  const [chosen, setChosen] = useState(0)
  const tabla = tablas[Math.min(chosen, tablas.length - 1)]
  if (!tabla) return null
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <TablaSelect names={tablas.map(({ tabla: name }) => name)} chosen={chosen} onChoose={setChosen} />
      <Counts tabla={tabla} tense={tense} />
      {tabla.comparadas ? <Compared rows={tabla.comparadas} /> : null}
      {tabla.ddl.length > 0 ? <Ddl tabla={tabla} /> : null}
      <Sample tabla={tabla} tense={tense} />
    </Stack>
  )
}

function Counts({ tabla, tense }: { tabla: Tabla; tense: EnsayoViewProps['tense'] }) {
  const { t, number } = useText()
  // What is known only of rows that were compared, and of a table that was looked at.
  const [some, none] = [tabla.comparadas !== undefined, tabla.comparadas === 0]
  const counts = [
    ['leidas', tabla.leidas],
    ['insertadas', tabla.insertadas],
    ['actualizadas', tabla.actualizadas],
    ['eliminadas', tabla.eliminadas],
    ...(some ? [] : [['sinCambio', tabla.sinCambio] as const]),
    ...(none ? [] : [['filasAntes', tabla.filasAntes] as const]),
  ] as const
  return (
    <Group gap="xl" role="status" aria-label={t(`ensayo.${tense}`, { table: tabla.tabla })}>
      {counts.map(([name, value]) => (
        <div key={name}>
          <Text size="lg" fw={600} className="sage-numbers" c={value === 0 ? 'dimmed' : undefined}>
            {number(value)}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`ensayo.${name}`)}
          </Text>
        </div>
      ))}
    </Group>
  )
}

function Compared({ rows }: { rows: number }) {
  const { t } = useText()
  return (
    <Text size="sm" c="dimmed">
      {t('ensayo.comparadas', { n: rows })}
    </Text>
  )
}

function Ddl({ tabla }: { tabla: Tabla }) {
  const { t } = useText()
  const text = tabla.ddl.join(';\n')
  return (
    <section aria-label={t('ensayo.ddl')} style={{ flexShrink: 0 }}>
      <Group gap="xs" mb={4}>
        <Title order={3}>{t(tabla.existe ? 'ensayo.ddl.cambia' : 'ensayo.ddl.crea')}</Title>
        <CopyText value={text} shown="" label={t('ensayo.ddl.copy')} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="ensayo-ddl" tabIndex={0}>
        {text}
      </pre>
    </section>
  )
}

/** Why no change is shown. */
function noneKey({ comparadas }: Tabla, tense: EnsayoViewProps['tense']) {
  if (comparadas === 0) return 'ensayo.soloConteos'
  return comparadas === undefined ? (`ensayo.sinCambios.${tense}` as const) : 'ensayo.sinCambios.primeras'
}

function Sample({ tabla, tense }: { tabla: Tabla; tense: EnsayoViewProps['tense'] }) {
  const { t } = useText()
  const lines = changeLines(tabla.muestra)
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t(noneKey(tabla, tense))}
      </Text>
    )
  const shown = tabla.muestra.length
  const total = tabla.insertadas + tabla.actualizadas + tabla.eliminadas
  const nothing = t('mapeo.nulo')
  const title = (index: number) => {
    const line = lines[index]
    if (!line) return ''
    return line.cambio === 'actualizada' ? t(`cambio.${line.side}`) : t(cambioKey(line.cambio))
  }
  return (
    <Stack gap={4} style={{ flex: 1, minHeight: 160 }}>
      <Text size="xs" c="dimmed">
        {t(shown < total ? 'ensayo.primeros' : 'ensayo.todos', { n: shown })}
      </Text>
      <PlainTable
        key={tabla.tabla}
        label={t('ensayo.muestra', { table: tabla.tabla })}
        columns={tabla.columnas}
        rows={lines.map(({ cells }) => cells.map((cell) => cell ?? nothing))}
        head={{ title: t('column.cambio'), of: title }}
        isMarked={(row, column) => lines[row]?.changed.has(column) ?? false}
        tone={(row) => (lines[row]?.side === 'antes' ? 'removed' : 'added')}
      />
    </Stack>
  )
}

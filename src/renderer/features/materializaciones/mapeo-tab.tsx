import { Group, Select, Stack, Text } from '@mantine/core'
import type { Materializacion } from '@shared/model/materializacion'
import { useState } from 'react'
import { useText } from '../../app/prefs'
import { claveDe, fuenteTexto, tablaTexto, tipoTexto } from '../../blocks/materializacion/tipo-texto'
import { PlainTable } from '../../ui/plain-table'

/** Which column gets what, as it is saved; it is changed in the wizard. */
export function MapeoTab({ row }: { row: Materializacion }) {
  const { t } = useText()
  const [chosen, setChosen] = useState(0)
  const { tablas } = row.config
  const tabla = tablas[Math.min(chosen, tablas.length - 1)]
  if (!tabla) return null
  const key = claveDe(tabla)
  return (
    <Stack gap="sm" style={{ flex: 1, minHeight: 0 }}>
      <Group gap="md" wrap="nowrap">
        <Select
          w={340}
          size="xs"
          searchable
          allowDeselect={false}
          aria-label={t('column.tabla')}
          data={tablas.map((one, index) => ({
            value: String(index),
            label: `${one.catalogo} → ${tablaTexto(one)}`,
          }))}
          value={String(chosen)}
          onChange={(value) => setChosen(Number(value ?? 0))}
        />
        <Text size="sm" c="dimmed" className="sage-cut">
          {[
            t(`estrategia.${tabla.estrategia.tipo}`),
            t(`deriva.${tabla.deriva}`),
            tabla.filtro ? t('mapeo.conFiltro', { filter: tabla.filtro }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Group>
      <PlainTable
        key={chosen}
        label={t('mat.tab.mapeo')}
        columns={[
          t('mapeo.columna'),
          t('mapeo.fuente'),
          t('mapeo.de'),
          t('mapeo.tipo'),
          t('mapeo.nulos'),
          t('mat.key'),
        ]}
        head={{ title: '#', of: (index) => String(index + 1) }}
        rows={tabla.columnas.map((columna) => [
          columna.nombre,
          t(`fuente.${columna.fuente.de}`),
          fuenteTexto({ t }, columna),
          tipoTexto({ t }, columna.tipo),
          t(columna.nulos ? 'word.yes' : 'word.no'),
          key.includes(columna.nombre) ? t('word.yes') : '',
        ])}
      />
    </Stack>
  )
}

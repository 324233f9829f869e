import { Checkbox, NativeSelect, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import type { CatalogoInferido, ColumnaInferida } from '@shared/model/muestra'
import type { FieldType } from '@shared/model/schema'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useText } from '../../../app/prefs'
import {
  type CatalogoCorregido,
  type ColumnaCorregida,
  DATE_FORMS,
  NUMBER_FORMS,
  nameFaults,
  numberForm,
  numberForms,
  withType,
} from './sample-draft'
import './columns-table.css'

const TYPES = ['texto', 'entero', 'decimal', 'fecha', 'booleano'] as const satisfies readonly FieldType[]
const ROW = 52

interface ColumnsTableProps {
  inferido: CatalogoInferido
  catalogo: CatalogoCorregido
  onColumn: (index: number, part: Partial<ColumnaCorregida>) => void
  onName: (index: number, nombre: string) => void
}

/** What each column looks like and what the YAML will say of it, one row each, to be corrected. */
export function ColumnsTable({ inferido, catalogo, onColumn, onName }: ColumnsTableProps) {
  const { t } = useText()
  const scroll = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: catalogo.columnas.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const faults = nameFaults(catalogo.columnas)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section ref={scroll} className="sample-columns" aria-label={t('muestra.columns')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('muestra.col.name')}</th>
            <th scope="col">{t('muestra.col.type')}</th>
            <th scope="col">{t('muestra.col.form')}</th>
            <th scope="col">{t('muestra.col.required')}</th>
            <th scope="col">{t('muestra.col.unique')}</th>
            <th scope="col">{t('muestra.col.list')}</th>
            <th scope="col" className="is-number">
              {t('muestra.col.empty')}
            </th>
            <th scope="col" className="is-number">
              {t('muestra.col.distinct')}
            </th>
            <th scope="col">{t('muestra.col.seen')}</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
          {items.map(({ index }) => {
            const columna = catalogo.columnas[index]
            const vista = inferido.columnas[index]
            return columna && vista ? (
              <ColumnRow
                key={`${catalogo.id}:${vista.nombre}`}
                columna={columna}
                vista={vista}
                named={catalogo.encabezado}
                fault={faults.has(index)}
                onChange={(part) => onColumn(index, part)}
                onName={(nombre) => onName(index, nombre)}
              />
            ) : null
          })}
          {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
        </tbody>
      </table>
    </section>
  )
}

interface ColumnRowProps {
  columna: ColumnaCorregida
  vista: ColumnaInferida
  /** The name is the one of the header: another would not be found in the file. */
  named: boolean
  fault: boolean
  onChange: (part: Partial<ColumnaCorregida>) => void
  onName: (nombre: string) => void
}

function ColumnRow({ columna, vista, named, fault, onChange, onName }: ColumnRowProps) {
  const { t, percent, number } = useText()
  const { nombre } = columna
  return (
    <tr style={{ height: ROW }}>
      <td style={{ minWidth: 150, maxWidth: 220 }}>
        {named ? (
          <Text size="sm" fw={500} className="sage-cut" title={nombre}>
            {nombre}
          </Text>
        ) : (
          <TextInput
            size="xs"
            aria-label={t('muestra.nameOf', { name: vista.nombre })}
            value={nombre}
            maxLength={255}
            error={fault ? t('muestra.nameFault') : null}
            onChange={(event) => onName(event.currentTarget.value)}
          />
        )}
      </td>
      <td>
        <NativeSelect
          size="xs"
          w={104}
          aria-label={t('muestra.typeOf', { name: nombre })}
          data={TYPES.map((value) => ({ value, label: t(`muestra.type.${value}`) }))}
          value={columna.tipo}
          onChange={(event) => {
            const tipo = TYPES.find((value) => value === event.currentTarget.value)
            if (tipo) onChange(withType(columna, tipo))
          }}
        />
      </td>
      <td>
        <FormCell columna={columna} onChange={onChange} />
      </td>
      <td className="is-center">
        <Checkbox
          aria-label={t('muestra.requiredOf', { name: nombre })}
          checked={columna.obligatorio}
          onChange={(event) => onChange({ obligatorio: event.currentTarget.checked })}
        />
      </td>
      <td className="is-center">
        <Checkbox
          aria-label={t('muestra.uniqueOf', { name: nombre })}
          checked={columna.unico}
          onChange={(event) => onChange({ unico: event.currentTarget.checked })}
        />
      </td>
      <td className="is-center">
        {vista.valores && columna.tipo === 'texto' ? (
          <Tooltip label={vista.valores.join(', ')} multiline maw={360}>
            <Checkbox
              aria-label={t('muestra.listOf', { name: nombre })}
              checked={columna.valores !== null}
              onChange={(event) => onChange({ valores: event.currentTarget.checked ? vista.valores : null })}
            />
          </Tooltip>
        ) : null}
      </td>
      <td className="is-number">{percent(vista.nulos * 100)}</td>
      <td className="is-number">
        {vista.distintosExactos ? '' : '≈ '}
        {number(vista.distintos)}
      </td>
      <td style={{ maxWidth: 0, width: '100%' }}>
        <Seen vista={vista} />
      </td>
    </tr>
  )
}

/** Some values, or the ends, and why this type: both lines cut, whole in their titles. */
function Seen({ vista }: { vista: ColumnaInferida }) {
  const ends =
    vista.tipo !== 'texto' && vista.minimo !== null && vista.minimo !== vista.maximo
      ? `${vista.minimo} … ${vista.maximo}`
      : vista.ejemplos.join(' · ')
  return (
    <Stack gap={0} miw={0}>
      <Text size="xs" ff="monospace" className="sage-cut" title={vista.ejemplos.join(' · ')}>
        {ends}
      </Text>
      <Text size="xs" c="dimmed" className="sage-cut" title={vista.porque}>
        {vista.porque}
      </Text>
    </Stack>
  )
}

function FormCell({
  columna,
  onChange,
}: {
  columna: ColumnaCorregida
  onChange: (part: Partial<ColumnaCorregida>) => void
}) {
  const { t } = useText()
  const label = t('muestra.formOf', { name: columna.nombre })
  if (columna.tipo === 'fecha') {
    const known = DATE_FORMS.some(({ format }) => format === columna.formato)
    const own = known || columna.formato === null ? [] : [{ value: columna.formato, label: columna.formato }]
    return (
      <NativeSelect
        size="xs"
        w={160}
        aria-label={label}
        data={[...DATE_FORMS.map(({ format, example }) => ({ value: format ?? '', label: example })), ...own]}
        value={columna.formato ?? ''}
        onChange={(event) => onChange({ formato: event.currentTarget.value || null })}
      />
    )
  }
  if (columna.tipo !== 'entero' && columna.tipo !== 'decimal') return null
  return (
    <NativeSelect
      size="xs"
      w={160}
      aria-label={label}
      data={numberForms(columna).map(({ id, example }) => ({ value: id, label: example }))}
      value={numberForm(columna)}
      onChange={(event) => {
        const form = NUMBER_FORMS.find(({ id }) => id === event.currentTarget.value)
        if (form) onChange({ decimal: form.decimal, miles: form.miles })
      }}
    />
  )
}

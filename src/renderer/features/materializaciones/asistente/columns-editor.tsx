import type { Columna, ProblemaMaterializacion, TablaMaterializada } from '@shared/model/materializacion'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useText } from '../../../app/prefs'
import { claveDe } from '../../../blocks/materializacion/tipo-texto'
import { AddColumn } from './add-column'
import { ColumnRow } from './column-row'
import { movedItem, withColumnName } from './draft'
import { focusId } from './faults'
import { useFields } from './use-fields'
import type { TablaState } from './use-tabla'
import type { WizardState } from './use-wizard'
import './columns-editor.css'

interface ColumnsEditorProps {
  wizard: WizardState
  state: TablaState
  tabla: TablaMaterializada
}

const ROW = 40

/** Brings a row into view, and the focus to its cell. */
function useShownPlace(
  place: WizardState['place'],
  scrollToIndex: (index: number, options: { align: 'center' }) => void,
) {
  useEffect(() => {
    if (!place || place.columna === null) return
    scrollToIndex(place.columna, { align: 'center' })
    // Drawn with the next frame: only then can it take the focus.
    const frame = requestAnimationFrame(() => document.getElementById(place.focus)?.focus())
    return () => cancelAnimationFrame(frame)
  }, [place, scrollToIndex])
}

function Head() {
  const { t } = useText()
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: 92 }}>
          {t('mapeo.orden')}
        </th>
        <th scope="col">{t('mapeo.columna')}</th>
        <th scope="col" style={{ width: 116 }}>
          {t('mapeo.fuente')}
        </th>
        <th scope="col">{t('mapeo.de')}</th>
        <th scope="col" style={{ width: 270 }}>
          {t('mapeo.tipo')}
        </th>
        <th scope="col" className="is-center" style={{ width: 70 }}>
          {t('mapeo.nulos')}
        </th>
        <th scope="col" style={{ width: 44 }}>
          <span className="sage-sr-only">{t('action.remove')}</span>
        </th>
      </tr>
    </thead>
  )
}

/** What can be done with the columns of a table. */
const editsOf = (set: TablaState['set']) => {
  const replace = (next: (columnas: Columna[]) => Columna[]) =>
    set((tabla) => ({ ...tabla, columnas: next(tabla.columnas) }))
  return {
    rename: (at: number, nombre: string) => set((tabla) => withColumnName(tabla, at, nombre)),
    change: (at: number, part: Partial<Columna>) =>
      replace((all) => all.map((one, index) => (index === at ? { ...one, ...part } : one))),
    move: (at: number, step: -1 | 1) => replace((all) => movedItem(all, at, step)),
    remove: (at: number) => replace((all) => all.filter((_, index) => index !== at)),
    add: (columna: Columna) => replace((all) => [...all, columna]),
  }
}

/** The columns of a table, one row each, with its problems under it. */
export function ColumnsEditor({ wizard, state, tabla }: ColumnsEditorProps) {
  const { t } = useText()
  const { place, draft, review } = wizard
  const { index: tablaIndex, set } = state
  const scroll = useRef<HTMLElement>(null)
  const { columnas } = tabla
  const fields = useFields(draft.casillaId, tabla.catalogo, columnas)
  const key = new Set(claveDe(tabla))
  const virtual = useVirtualizer({
    count: columnas.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 10,
  })
  const { scrollToIndex } = virtual
  useShownPlace(place?.step === 'mapeo' && place.tabla === tablaIndex ? place : null, scrollToIndex)
  const edit = editsOf(set)
  const problemsOf = ({ nombre }: Columna): ProblemaMaterializacion[] =>
    review.problemas.filter((problema) => problema.tabla === tablaIndex && problema.columna === nombre)
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section ref={scroll} className="columns-editor" aria-label={t('mapeo.columnas')} tabIndex={0}>
        <table>
          <Head />
          <tbody>
            {before > 0 ? <tr aria-hidden style={{ height: before }} /> : null}
            {items.map(({ index, key: rowKey }) => {
              const columna = columnas[index]
              if (!columna) return null
              return (
                <ColumnRow
                  key={rowKey}
                  measure={virtual.measureElement}
                  tabla={tablaIndex}
                  index={index}
                  last={columnas.length - 1}
                  columna={columna}
                  isKey={key.has(columna.nombre)}
                  fields={fields}
                  problems={problemsOf(columna)}
                  faultAt={state.faultAt}
                  onName={(nombre) => edit.rename(index, nombre)}
                  onChange={(part) => edit.change(index, part)}
                  onMove={(step) => edit.move(index, step)}
                  onRemove={() => edit.remove(index)}
                />
              )
            })}
            {after > 0 ? <tr aria-hidden style={{ height: after }} /> : null}
          </tbody>
        </table>
      </section>
      <AddColumn
        id={focusId('agregar', tablaIndex)}
        error={state.faultAt(focusId('agregar', tablaIndex))}
        columnas={columnas}
        fields={fields}
        onAdd={(columna) => {
          edit.add(columna)
          virtual.scrollToIndex(columnas.length)
        }}
      />
    </>
  )
}

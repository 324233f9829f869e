import type { DiaCalendario, Espera } from '@shared/model/calendario'
import type { KeyboardEvent } from 'react'
import { Link } from 'wouter'
import { useText } from '../../app/prefs'
import { DIA_SEMANA_VALUES } from '../../blocks/emisor-values'
import { ESPERA, type Espera as EsperaLook, esperaOf } from '../../blocks/expected-badge'
import { addDays, monthOf, weeksOf } from './month'
import './calendario.css'

/** Dates told one by one in a cell; more are counted. */
const LINES = 3

interface MonthGridProps {
  mes: string
  today: string
  chosen: string | null
  dias: readonly DiaCalendario[]
  items: readonly Espera[]
  /** Of one casilla: its name says nothing. */
  single: boolean
  onChoose: (dia: string) => void
}

/** Where a date leads: what answered it, or the casilla that waits. */
export const hrefOf = ({ executionId, casillaId }: Espera): string =>
  executionId === null ? `/casillas/${casillaId}/frecuencia` : `/ejecuciones/${executionId}`

const nameOf = ({ casillaNombre, emisorNombre }: Espera, single: boolean): string =>
  emisorNombre === null ? casillaNombre : single ? emisorNombre : `${emisorNombre} · ${casillaNombre}`

/** How many of each look a day has, in the order in which they matter. */
export function looksOf(dia: DiaCalendario): [EsperaLook, number][] {
  const all: [EsperaLook, number][] = [
    ['falto', dia.falto],
    ['atrasado', dia.atrasado],
    ['tarde', dia.tarde],
    ['recibido', dia.recibido - dia.tarde],
    ['pendiente', dia.pendiente],
  ]
  return all.filter(([, n]) => n > 0)
}

const totalOf = (dia: DiaCalendario): number => dia.recibido + dia.pendiente + dia.atrasado + dia.falto

/** A month by weeks. A click on a day lists it below, one on a date opens what it is about; arrows go from day to day. */
export function MonthGrid({ mes, today, chosen, dias, items, single, onChoose }: MonthGridProps) {
  const { t } = useText()
  const byDay = new Map(dias.map((dia) => [dia.dia, dia]))
  const move = (event: KeyboardEvent<HTMLTableElement>) => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
    const step = steps[event.key]
    const from = event.target instanceof HTMLElement ? event.target.dataset.dia : undefined
    if (step === undefined || from === undefined) return
    event.preventDefault()
    event.currentTarget.querySelector<HTMLElement>(`[data-dia="${addDays(from, step)}"]`)?.focus()
  }
  return (
    <table className="month" aria-label={t('calendario.month')} onKeyDown={move}>
      <thead>
        <tr>
          {DIA_SEMANA_VALUES.map((day) => (
            <th key={day} scope="col">
              {t(`dia.${day}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(mes).map((week) => (
          <tr key={week[0]}>
            {week.map((dia) => (
              <td
                key={dia}
                className={`${monthOf(dia) === mes ? '' : 'is-outside'}${dia === chosen ? ' is-chosen' : ''}`}
              >
                <Day
                  dia={dia}
                  isToday={dia === today}
                  isChosen={dia === chosen}
                  counts={byDay.get(dia)}
                  items={items}
                  single={single}
                  onChoose={onChoose}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface DayProps extends Pick<MonthGridProps, 'items' | 'single' | 'onChoose'> {
  dia: string
  isToday: boolean
  isChosen: boolean
  counts: DiaCalendario | undefined
}

function Day({ dia, isToday, isChosen, counts, items, single, onChoose }: DayProps) {
  const { t } = useText()
  const looks = counts ? looksOf(counts) : []
  const own = counts && totalOf(counts) <= LINES ? items.filter((item) => item.dia === dia) : []
  const words = looks.map(([look, n]) => t(`calendario.n.${look}`, { n }))
  return (
    <>
      <button
        type="button"
        className="month-day"
        data-dia={dia}
        aria-pressed={isChosen}
        aria-current={isToday ? 'date' : undefined}
        aria-label={[t('calendario.day', { day: dia }), ...words].join(', ')}
        onClick={() => onChoose(dia)}
      >
        <span className={`month-number${isToday ? ' is-today' : ''}`}>{Number(dia.slice(8))}</span>
      </button>
      {own.length > 0
        ? own.map((item) => (
            <Line key={`${item.casillaId}-${item.emisorId}-${item.fecha}`} item={item} single={single} />
          ))
        : looks.map(([look, n]) => {
            const { icon: Icon, color } = ESPERA[look]
            return (
              <div key={look} className="month-line" aria-hidden>
                <Icon size={14} color={color} style={{ flexShrink: 0 }} />
                <span className="sage-cut">{t(`calendario.n.${look}`, { n })}</span>
              </div>
            )
          })}
    </>
  )
}

function Line({ item, single }: { item: Espera; single: boolean }) {
  const { t } = useText()
  const { icon: Icon, color, key } = ESPERA[esperaOf(item)]
  const name = nameOf(item, single)
  const title = `${item.hora} ${name}: ${t(key)}`
  return (
    // The list below has the same for the keyboard.
    <Link href={hrefOf(item)} className="month-line" title={title} tabIndex={-1}>
      <Icon size={14} color={color} style={{ flexShrink: 0 }} aria-hidden />
      <span className="sage-sr-only">{t(key)}</span>
      <span className="sage-cut">{name}</span>
    </Link>
  )
}

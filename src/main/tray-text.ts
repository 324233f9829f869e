import type { EngineState } from '@shared/contract'
import type { CasillaRecepcion } from '@shared/model/recepcion'

type Look = 'listo' | 'avisos' | 'detenido'

export interface TrayText {
  look: Look
  /** One line: what the program is doing. */
  status: string
}

const ENGINE: Record<EngineState['state'], { look: Look; word: string }> = {
  ready: { look: 'listo', word: 'listo' },
  starting: { look: 'avisos', word: 'iniciando' },
  degraded: { look: 'avisos', word: 'recuperándose' },
  stopped: { look: 'detenido', word: 'detenido' },
}

const files = (n: number): string => (n === 1 ? '1 archivo' : `${n} archivos`)

/** What the tray says of an engine and its casillas. */
export function trayText(state: EngineState['state'], casillas: readonly CasillaRecepcion[]): TrayText {
  const { look, word } = ENGINE[state]
  if (state !== 'ready') return { look, status: `Motor ${word}` }
  const sum = (key: 'enCola' | 'enCurso' | 'cuarentena'): number =>
    casillas.reduce((total, casilla) => total + casilla[key], 0)
  const running = sum('enCurso') + sum('enCola')
  const unreachable = casillas.filter(({ estado }) => estado === 'sin_acceso').length
  const parts = [
    running > 0 ? `${files(running)} en curso` : '',
    sum('cuarentena') > 0 ? `${files(sum('cuarentena'))} en cuarentena` : '',
    unreachable > 0 ? `${unreachable === 1 ? '1 carpeta' : `${unreachable} carpetas`} sin acceso` : '',
  ].filter((part) => part !== '')
  const attention = sum('cuarentena') > 0 || unreachable > 0
  return {
    look: attention ? 'avisos' : 'listo',
    status: parts.length === 0 ? 'Motor listo' : parts.join(', '),
  }
}

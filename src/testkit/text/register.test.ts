import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { es } from '@shared/text/es'
import { describe, expect, it } from 'vitest'

/**
 * The console speaks to nobody in particular: no «tú», no «usted». What to do is said with an infinitive ('Volver a enviarlo').
 * The catalog of texts and every literal of the program are read, since hints live beside the code that knows the cause.
 */
const SRC = resolve(__dirname, '../..')

/** Forms that only ever speak to someone, wherever they stand. */
const ADDRESS = [
  'tú tu tus usted ustedes puedes tienes quieres debes necesitas editabas elegiste',
  'compruebe revise vuelva elija escriba envíe libere agregue agréguelo agréguelas deje exporte pida corrija guarde guárdelo',
  'ábralo quite comprima divídalo espere ponga borre reinicie inténtelo intente cambie defina copie mueva asegúrese',
  'suba seleccione haga verifique ábrelo guárdalo ponlo bórrala bórralo añádelo actívala ejecútala conviértela conviértelo',
].flatMap((line) => line.split(' '))

/** Orders to «tú», which are also how a function is described ('Cambia el valor'): wrong only where a message gives an order. */
const ORDERS = [
  'revisa comprueba elige cancela espera vuelve sube libera ejecuta escribe borra cambia deja nombra envía cierra pon alinea',
  'añade apunta corrige quita usa restaura mueve actualiza compara convierte haz concatena',
].flatMap((line) => line.split(' '))

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const word = (words: readonly string[], before: string): RegExp =>
  new RegExp(`${before}(?:${words.join('|')})(?![\\p{L}])`, 'u')
const speaks = word([...ADDRESS, ...ADDRESS.map(capital)], '(?<![\\p{L}])')
const starts = word(ORDERS.map(capital), '(?:^|[.] )')
const continues = word(ORDERS, '(?:[;:] |[.,;] o | y )')
/** The hints of the rules are parts of a sentence: they start in lower case. */
const startsLow = word(ORDERS, '^')
const orders = (text: string): boolean =>
  starts.test(text) || (/^\p{Lu}\p{L}+(?:ar|er|ir|lo|la)\s/u.test(text) && continues.test(text))

/** Where a verb in the third person describes a function or a command. */
const DESCRIBES = /engine\/rules\/(families|reference)|host\/cli\/(index|[a-z]+-program)/
/** Said of itself by the program, or in another language. */
const NOT_SPANISH = /shared\/text\/en\.ts$/

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return /^(testkit|testdata)$/.test(entry.name) ? [] : sources(path)
    return /\.tsx?$/.test(entry.name) && !/\.(test|spec|fixture)\./.test(entry.name) ? [path] : []
  })
}

const LITERAL =
  /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g

/** The string literals of a file with more than one word; comments are passed over. */
const literals = (text: string): string[] =>
  (text.match(LITERAL) ?? [])
    .filter((part) => !part.startsWith('/') && part.includes(' '))
    .map((part) => part.slice(1, -1))

describe('the register of what the program says', () => {
  it('catalog: neutral, without tú or usted', () => {
    const wrong = Object.entries(es).filter(
      ([, text]) => speaks.test(text.replaceAll('hasta que vuelva', '')) || orders(text),
    )
    expect(wrong).toEqual([])
  })

  it('messages and hints in the code: neutral, without tú or usted', () => {
    const wrong = sources(SRC)
      .filter((path) => !NOT_SPANISH.test(path))
      .flatMap((path) =>
        literals(readFileSync(path, 'utf8'))
          .map((text) => text.replaceAll('hasta que vuelva', ''))
          .filter(
            (text) =>
              speaks.test(text) ||
              (!DESCRIBES.test(path) && orders(text)) ||
              (/engine\/rules/.test(path) && startsLow.test(text)),
          )
          .map((text) => `${relative(SRC, path)}: ${text.slice(0, 120)}`),
      )
    expect(wrong).toEqual([])
  })

  it.each([
    'Vuelva a enviarlo.',
    'El archivo no está. Elige otro.',
    'Cerrar la ventana, o usa otra carpeta.',
    'Comprobar que tienes permiso.',
  ])('would notice «%s»', (text) => {
    expect(speaks.test(text) || orders(text)).toBe(true)
  })
})

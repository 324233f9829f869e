import type { Condicion, Estrategia } from '@shared/model/materializacion'

const quoted = (names: readonly string[]): string => {
  const all = names.map((name) => `«${name}»`)
  const last = all.pop() ?? ''
  return all.length === 0 ? last : `${all.join(', ')} y ${last}`
}

const WORDS: Record<Condicion['operador'], string> = {
  '=': 'es',
  '<>': 'no es',
  '<': 'es menor que',
  '<=': 'es a lo más',
  '>': 'es mayor que',
  '>=': 'es al menos',
  en: 'es uno de',
  es_nulo: 'está vacío',
  no_es_nulo: 'no está vacío',
}

const comparison = ({ columna, operador, valores }: Condicion): string =>
  [`«${columna}»`, WORDS[operador], quoted(valores)].filter((part) => part !== '').join(' ')

const WHOLE = 'Quien consulta ve lo anterior o lo nuevo completo, nunca una parte.'

/** What a strategy does, one step a sentence, for a person who decides on it. */
export function stepsInWords(estrategia: Estrategia): string[] {
  switch (estrategia.tipo) {
    case 'append':
      return [
        'Agrega cada registro de la carga como una fila nueva.',
        'No cambia ni elimina filas: lo que llega otra vez en otro archivo queda repetido.',
        WHOLE,
      ]
    case 'upsert':
      return [
        `Busca cada registro de la carga por ${quoted(estrategia.clave)}.`,
        'Si la fila existe, la actualiza; si no existe, la inserta.',
        ...(estrategia.borrarSi
          ? [
              `Si «${estrategia.borrarSi.columna}» es «${estrategia.borrarSi.valor}», elimina la fila de esa clave en vez de escribirla.`,
            ]
          : []),
        'Las filas que no vienen en la carga quedan como están.',
        WHOLE,
      ]
    case 'delete_insert':
      return [...deleteSteps(estrategia.borrar), 'Inserta todos los registros de la carga.', WHOLE]
    case 'truncate_insert':
      return [
        'Vacía la tabla.',
        'Inserta todos los registros de la carga.',
        'Una carga sin registros deja la tabla vacía.',
        WHOLE,
      ]
    case 'full':
      return [
        'Reemplaza todo el contenido por la carga, con su UUID de control y su hora.',
        estrategia.conservar === 0
          ? 'No conserva las cargas anteriores.'
          : estrategia.conservar === 1
            ? 'Conserva la carga anterior en una tabla aparte.'
            : `Conserva las ${estrategia.conservar} cargas anteriores en una tabla aparte.`,
        WHOLE,
      ]
  }
}

type Borrar = Extract<Estrategia, { tipo: 'delete_insert' }>['borrar']

function deleteSteps(borrar: Borrar): string[] {
  switch (borrar.por) {
    case 'clave':
      return [`Elimina todas las filas cuya clave ${quoted(borrar.clave)} viene en la carga.`]
    case 'particion':
      return [`Elimina todas las filas cuyos valores de ${quoted(borrar.columnas)} vienen en la carga.`]
    case 'condicion':
      return [
        `Elimina las filas en que ${borrar.condiciones.map(comparison).join(' y ')}, vengan o no en la carga.`,
      ]
  }
}

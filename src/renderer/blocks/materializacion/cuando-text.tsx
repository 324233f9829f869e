import type { Cuando } from '@shared/model/materializacion'
import { type Text, useText } from '../../app/prefs'
import { frecuenciaText } from '../frecuencia-draft'

/** When loads happen, in a few words. */
export const cuandoTexto = (words: Pick<Text, 't' | 'lang'>, cuando: Cuando): string =>
  cuando.tipo === 'programada'
    ? words.t('cuando.programada.text', { text: frecuenciaText(words, cuando.frecuencia) })
    : words.t(`cuando.${cuando.tipo}`)

export const CuandoText = ({ cuando }: { cuando: Cuando }) => <>{cuandoTexto(useText(), cuando)}</>

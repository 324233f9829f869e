import type { Estrategia } from '@shared/model/materializacion'
/** What a strategy does, one step a sentence, for a person who decides on it. */
export declare function stepsInWords(estrategia: Estrategia): string[]

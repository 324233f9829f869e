import { useSearch } from 'wouter'
import { emptyDraft } from './draft'
import { Wizard } from './wizard'

/** A new materialization; `?casilla=` begins with that one chosen. */
export default function NuevaMaterializacionScreen() {
  const casilla = Number(new URLSearchParams(useSearch()).get('casilla'))
  const begun = Number.isInteger(casilla) && casilla > 0 ? casilla : null
  return <Wizard key={begun} saved={emptyDraft(begun)} of={null} title={null} />
}

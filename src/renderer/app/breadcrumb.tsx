import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import type { TextKey } from '@shared/text'
import { Link, useLocation } from 'wouter'
import { useOp } from '../api/hooks'
import { useText } from './prefs'

const AREAS: Record<string, TextKey> = {
  casillas: 'nav.casillas',
  ejecuciones: 'nav.ejecuciones',
  calendario: 'nav.calendario',
  ajustes: 'nav.ajustes',
}

function CasillaName({ id }: { id: number }) {
  const casilla = useOp('casillas.get', { id })
  return <>{casilla.data?.nombre ?? id}</>
}

function ExecutionName({ id }: { id: string }) {
  const execution = useOp('executions.get', { executionId: id })
  return <>{execution.data?.ejecucion.archivo ?? id.slice(0, 8)}</>
}

/** Where the page stands: area, then the thing by its name. */
export function Breadcrumb() {
  const { t } = useText()
  const [path] = useLocation()
  const [area, item] = path.split('/').filter(Boolean)
  const areaKey = area ? AREAS[area] : 'nav.inicio'
  if (!areaKey) return null
  const last = (children: React.ReactNode) => (
    <Text size="sm" aria-current="page" className="sage-cut" maw={360}>
      {children}
    </Text>
  )
  if (!area || !item) return last(t(areaKey))
  return (
    <Breadcrumbs separator="›" separatorMargin={6} component="nav" aria-label={t('frame.breadcrumb')}>
      <Anchor component={Link} href={`/${area}`} size="sm">
        {t(areaKey)}
      </Anchor>
      {last(
        item === 'nueva' ? (
          t('casilla.new')
        ) : item === 'emisores' ? (
          t('emisores.title')
        ) : item === 'secretos' ? (
          t('secretos.title')
        ) : area === 'casillas' ? (
          <CasillaName id={Number(item)} />
        ) : (
          <ExecutionName id={item} />
        ),
      )}
    </Breadcrumbs>
  )
}

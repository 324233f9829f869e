import { Badge, NavLink, Stack, Tooltip } from '@mantine/core'
import type { TextKey } from '@shared/text'
import {
  IconCalendar,
  IconCloud,
  IconDatabaseImport,
  IconHistory,
  IconHome,
  IconInbox,
  IconSettings,
} from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { useOp } from '../api/hooks'
import { useReceptions } from '../blocks/use-reception'
import { useText } from './prefs'

const AREAS: { href: string; key: TextKey; icon: typeof IconHome }[] = [
  { href: '/', key: 'nav.inicio', icon: IconHome },
  { href: '/casillas', key: 'nav.casillas', icon: IconInbox },
  { href: '/ejecuciones', key: 'nav.ejecuciones', icon: IconHistory },
  { href: '/materializaciones', key: 'nav.materializaciones', icon: IconDatabaseImport },
  { href: '/proveedores', key: 'nav.proveedores', icon: IconCloud },
  { href: '/calendario', key: 'nav.calendario', icon: IconCalendar },
  { href: '/ajustes', key: 'nav.ajustes', icon: IconSettings },
]

interface Needs {
  n: number
  text: string
  color: string
}

/**
 * What waits for a person, by area: files in quarantine and folders that can not be read; casillas that are late; loads that failed;
 * credentials that stop working.
 */
function useNeeds(): Partial<Record<string, Needs>> {
  const { t } = useText()
  const { data } = useOp('casillas.list', {}, { refetchInterval: 60_000 })
  const late = (data?.items ?? []).filter(({ puntualidad }) => puntualidad.estado === 'atrasado').length
  const waiting = [...useReceptions().values()].filter(
    ({ estado, cuarentena }) => cuarentena > 0 || estado === 'sin_acceso',
  ).length
  const secretos = useOp('secretos.list', {}, { refetchInterval: 3_600_000 })
  const pressing = (secretos.data?.items ?? []).filter(
    ({ legible, vigencia }) => !legible || vigencia.estado === 'vencido' || vigencia.estado === 'por_vencer',
  ).length
  const loads = useOp('materializaciones.list', {}, { refetchInterval: 60_000 })
  const failed = (loads.data?.items ?? []).reduce((sum, { fallidas }) => sum + fallidas, 0)
  return {
    '/materializaciones': { n: failed, text: t('nav.cargasFallidas', { n: failed }), color: 'red' },
    '/casillas': { n: waiting, text: t('nav.waiting', { n: waiting }), color: 'red' },
    '/calendario': { n: late, text: t('nav.atrasadas', { n: late }), color: 'orange' },
    '/ajustes': { n: pressing, text: t('nav.secretos', { n: pressing }), color: 'orange' },
  }
}

export function Nav({ collapsed }: { collapsed: boolean }) {
  const { t, number } = useText()
  const [path] = useLocation()
  const all = useNeeds()
  return (
    <Stack gap={2} p={8} component="nav" aria-label={t('frame.nav')}>
      {AREAS.map(({ href, key, icon: Icon }) => {
        const found = all[href]
        const needs = found && found.n > 0 ? found : null
        const active = href === '/' ? path === '/' : path.startsWith(href)
        return (
          <Tooltip key={href} label={needs?.text ?? t(key)} position="right" disabled={!collapsed}>
            <NavLink
              component={Link}
              href={href}
              active={active}
              aria-current={active ? 'page' : undefined}
              aria-label={needs ? `${t(key)}: ${needs.text}` : t(key)}
              label={collapsed ? null : t(key)}
              leftSection={<Icon size={18} stroke={1.6} />}
              rightSection={
                needs && !collapsed ? (
                  <Badge
                    size="sm"
                    circle={needs.n < 10}
                    color={needs.color}
                    title={needs.text}
                    className="sage-numbers"
                  >
                    {number(needs.n)}
                  </Badge>
                ) : null
              }
              style={{ borderRadius: 4 }}
              {...(collapsed ? { px: 11, styles: { section: { marginInlineEnd: 0 } } } : {})}
            />
          </Tooltip>
        )
      })}
    </Stack>
  )
}

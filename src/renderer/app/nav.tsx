import { Badge, NavLink, Stack, Tooltip } from '@mantine/core'
import type { TextKey } from '@shared/text'
import { IconCalendar, IconHistory, IconHome, IconInbox, IconSettings } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { useReceptions } from '../blocks/use-reception'
import { useText } from './prefs'

const AREAS: { href: string; key: TextKey; icon: typeof IconHome }[] = [
  { href: '/', key: 'nav.inicio', icon: IconHome },
  { href: '/casillas', key: 'nav.casillas', icon: IconInbox },
  { href: '/ejecuciones', key: 'nav.ejecuciones', icon: IconHistory },
  { href: '/calendario', key: 'nav.calendario', icon: IconCalendar },
  { href: '/ajustes', key: 'nav.ajustes', icon: IconSettings },
]

export function Nav({ collapsed }: { collapsed: boolean }) {
  const { t } = useText()
  const [path] = useLocation()
  // Only what waits for a person: files in quarantine, folders that can not be read.
  const waiting = [...useReceptions().values()].filter(
    ({ estado, cuarentena }) => cuarentena > 0 || estado === 'sin_acceso',
  ).length
  return (
    <Stack gap={2} p={8} component="nav" aria-label={t('frame.nav')}>
      {AREAS.map(({ href, key, icon: Icon }) => {
        const needs = href === '/casillas' && waiting > 0 ? t('nav.waiting', { n: waiting }) : null
        const active = href === '/' ? path === '/' : path.startsWith(href)
        return (
          <Tooltip key={href} label={needs ?? t(key)} position="right" disabled={!collapsed}>
            <NavLink
              component={Link}
              href={href}
              active={active}
              aria-current={active ? 'page' : undefined}
              aria-label={needs ? `${t(key)}: ${needs}` : t(key)}
              label={collapsed ? null : t(key)}
              leftSection={<Icon size={18} stroke={1.6} />}
              rightSection={
                needs && !collapsed ? (
                  <Badge size="sm" circle color="red" title={needs} className="sage-numbers">
                    {waiting}
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

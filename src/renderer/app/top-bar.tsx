import {
  ActionIcon,
  Group,
  Kbd,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import {
  IconDeviceDesktop,
  IconLanguage,
  IconLayoutSidebar,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react'
import { Breadcrumb } from './breadcrumb'
import { EngineStatus } from './engine-status'
import { usePrefs, useText } from './prefs'

const SCHEMES = [
  { value: 'light', icon: IconSun },
  { value: 'dark', icon: IconMoon },
  { value: 'auto', icon: IconDeviceDesktop },
] as const

function SchemeMenu() {
  const { t } = useText()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Icon = SCHEMES.find((scheme) => scheme.value === colorScheme)?.icon ?? IconDeviceDesktop
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('theme.label')}>
          <ActionIcon size={30} aria-label={t('theme.label')}>
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={<scheme.icon size={16} />}
            onClick={() => setColorScheme(scheme.value)}
            aria-current={scheme.value === colorScheme}
            fw={scheme.value === colorScheme ? 600 : 400}
          >
            {t(`theme.${scheme.value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function LanguageMenu() {
  const { t } = useText()
  const { lang, setLang } = usePrefs()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('lang.label')}>
          <ActionIcon size={30} aria-label={t('lang.label')}>
            <IconLanguage size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {(['es', 'en'] as const).map((value) => (
          <Menu.Item key={value} onClick={() => setLang(value)} fw={lang === value ? 600 : 400} lang={value}>
            {t(`lang.${value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function TopBar({ onToggleNav }: { onToggleNav: () => void }) {
  const { t } = useText()
  return (
    <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="md">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <Tooltip label={t('frame.toggleNav')}>
          <ActionIcon size={30} onClick={onToggleNav} aria-label={t('frame.toggleNav')}>
            <IconLayoutSidebar size={18} />
          </ActionIcon>
        </Tooltip>
        <Breadcrumb />
      </Group>
      <Group gap={6} wrap="nowrap">
        <UnstyledButton
          onClick={spotlight.open}
          px={10}
          h={30}
          style={{ border: '1px solid var(--sage-line)', borderRadius: 4 }}
        >
          <Group gap={8} wrap="nowrap">
            <IconSearch size={15} aria-hidden />
            <Text size="sm" c="dimmed">
              {t('palette.open')}
            </Text>
            <Kbd size="xs">Ctrl K</Kbd>
          </Group>
        </UnstyledButton>
        <EngineStatus />
        <LanguageMenu />
        <SchemeMenu />
      </Group>
    </Group>
  )
}

import { useLocalStorage } from '@mantine/hooks'
import type { Lang, TextKey, TextParams } from '@shared/text'
import { formatNumber, translate } from '@shared/text'
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { formatBytes, formatDateTime, formatDuration, formatPercent } from '../ui/format'

export type Density = 'compact' | 'normal'

interface Prefs {
  lang: Lang
  setLang: (lang: Lang) => void
  density: Density
  setDensity: (density: Density) => void
}

const PrefsContext = createContext<Prefs>({
  lang: 'es',
  setLang: () => undefined,
  density: 'compact',
  setDensity: () => undefined,
})

export const usePrefs = () => useContext(PrefsContext)

/** What one person chose on this machine: language and density (the colour scheme is Mantine's own). */
export function PrefsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useLocalStorage<Lang>({
    key: 'sage.lang',
    defaultValue: 'es',
    getInitialValueInEffect: false,
  })
  const [density, setDensity] = useLocalStorage<Density>({
    key: 'sage.density',
    defaultValue: 'compact',
    getInitialValueInEffect: false,
  })
  useEffect(() => {
    document.documentElement.lang = lang
  }, [lang])
  const value = useMemo(() => ({ lang, setLang, density, setDensity }), [lang, setLang, density, setDensity])
  return <PrefsContext.Provider value={value}>{children}</PrefsContext.Provider>
}

/** Words, numbers and dates in the person's language. */
export function useText() {
  const { lang } = usePrefs()
  return useMemo(
    () => ({
      lang,
      t: (key: TextKey, params?: TextParams) => translate(lang, key, params),
      number: (value: number, decimals?: number) => formatNumber(lang, value, decimals),
      date: (iso: string) => formatDateTime(lang, iso),
      bytes: (value: number) => formatBytes(lang, value),
      duration: (ms: number) => formatDuration(lang, ms),
      percent: (value: number) => formatPercent(lang, value),
    }),
    [lang],
  )
}

export type Text = ReturnType<typeof useText>

import type { borradoresEs } from './es'

/** The same words in English. */
export const borradoresEn: Record<keyof typeof borradoresEs, string> = {
  'draft.behind':
    'What is saved changed after these changes were begun: saving them replaces it. Discard to see what is saved.',
  'draft.continue': 'Continue',
  'draft.drop': 'Discard',
  'draft.of': 'There are unsaved changes in “{name}”.',
  'draft.resumed': 'Going on with what was left unsaved on {date}.',
  'draft.unsavedSecret': 'Unsaved changes; they are kept on this machine, except what was typed as a secret.',
}

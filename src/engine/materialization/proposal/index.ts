export { legalName } from './legal-name'
export { type Profiles, profileAccepted } from './profile'
export { type Proposal, type ProposalInput, proposeTables } from './propose'

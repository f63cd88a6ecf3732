/** Forward, backward, update: a colour and a letter each. */

import type { Role } from '../inspection/inspection.ts';

export const letterOf: Readonly<Record<Role, string>> = { forward: 'F', backward: 'B', update: 'U' };

export const RoleSign = ({ role }: { readonly role: Role }) => (
  <span class="role" data-role={role}>
    <span aria-hidden="true">{letterOf[role]}</span>
    <span class="unseen">{role}</span>
  </span>
);

export const RoleLegend = () => (
  <ul class="legend" aria-label="Colours">
    {(['forward', 'backward', 'update'] as const).map((role) => (
      <li key={role}>
        <span class="role" data-role={role} aria-hidden="true">
          {letterOf[role]}
        </span>
        {role}
      </li>
    ))}
  </ul>
);

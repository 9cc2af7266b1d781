import { z } from 'zod';
import { flag, long, text, texts } from './fields.js';

const profile = z.object({ type: z.string(), localhostProfile: text });

const common = {
  seLinuxOptions: z.object({ user: text, role: text, type: text, level: text }).optional(),
  windowsOptions: z.object({ gmsaCredentialSpecName: text, gmsaCredentialSpec: text, runAsUserName: text, hostProcess: flag }).optional(),
  runAsUser: long, runAsGroup: long, runAsNonRoot: flag, seccompProfile: profile.optional(), appArmorProfile: profile.optional(),
};

export const securityContextSchema = z
  .object({
    ...common,
    capabilities: z.object({ add: texts, drop: texts }).optional(),
    privileged: flag,
    readOnlyRootFilesystem: flag,
    allowPrivilegeEscalation: flag,
    procMount: text,
  })
  .meta({ id: 'SecurityContext', description: 'What a container may do on its node.' });

export const podSecurityContextSchema = z
  .object({
    ...common,
    supplementalGroups: z.array(z.int()).optional(),
    supplementalGroupsPolicy: text,
    fsGroup: long,
    fsGroupChangePolicy: text,
    seLinuxChangePolicy: text,
    sysctls: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  })
  .meta({ id: 'PodSecurityContext', description: 'What the containers of a pod may do on their node.' });

export type SecurityContext = z.infer<typeof securityContextSchema>;
export type PodSecurityContext = z.infer<typeof podSecurityContextSchema>;

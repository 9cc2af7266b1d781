# Builds everything, then keeps what runs. No step needs more than the npm registry and Debian's packages.
FROM node:22-bookworm-slim AS build
# Only where better-sqlite3 has no prebuilt binary to fetch.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json codegen.ts prisma.config.ts schema.graphql ./
COPY tools ./tools
COPY prisma ./prisma
COPY src ./src
RUN node tools/build.mjs
# --omit=dev alone leaves prisma and typescript behind: they are peers of what runs.
RUN npm prune --omit=dev --omit=optional --omit=peer --no-audit --no-fund && node tools/choose-driver.mjs

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 ALLOW_OPEN=1 DATABASE_URL=file:/data/packetwalk.db
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json /app/schema.graphql ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/src/web ./src/web
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:4000/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]

# The image of cert-parser-runner.
#
#   docker build -t cert-parser-runner:local .                  nothing but Node, its libraries and the program
#   docker build -t cert-parser-runner:slim --target slim .     the same program with a shell, for looking around
#
# k8s/scripts/build-and-test.sh builds and tries it, with Docker or with buildah and podman.

# Any Debian image with Node 24 and npm. It is the only base: what runs is taken out of it, and nothing else is pulled.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM $NODE_IMAGE AS manifests
WORKDIR /app
# Before the sources, so that the packages are installed anew only when the lock file changes.
COPY package.json package-lock.json ./
COPY examples/package.json examples/
COPY packages/cert-parser-core/package.json packages/cert-parser-core/
COPY packages/cert-parser-runner/package.json packages/cert-parser-runner/
COPY packages/cert-parser-runner/bin packages/cert-parser-runner/bin
COPY test-fixtures/package.json test-fixtures/
# A mirror, its credentials and a CA of the house come in as secrets, which leave nothing behind; without them npm's
# defaults hold. npm reads the file that NPM_CONFIG_USERCONFIG names only if it is there.
ENV NPM_CONFIG_USERCONFIG=/run/secrets/npmrc \
    NPM_CONFIG_AUDIT=false NPM_CONFIG_FUND=false NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_LOGLEVEL=error

# The program, built.
FROM manifests AS build
# Without the scripts of packages: none is needed to build, and so none runs.
RUN --mount=type=secret,id=npmrc --mount=type=secret,id=ca_certificates \
    if [ -f /run/secrets/ca_certificates ]; then \
      export NODE_EXTRA_CA_CERTS=/run/secrets/ca_certificates NPM_CONFIG_CAFILE=/run/secrets/ca_certificates; \
    fi; \
    npm ci --ignore-scripts
COPY . .
ARG SOURCE_DATE_EPOCH=
RUN set -eu; \
    npm run build; \
    mkdir /out; \
    cp --parents LICENSE packages/*/LICENSE packages/*/package.json test-fixtures/LICENSE test-fixtures/package.json /out/; \
    find packages/*/dist -name '*.js' -exec cp --parents {} /out/ ';'; \
    cp -r --parents packages/cert-parser-runner/schema /out/; \
    # Of the fixtures, the list that `simulate` and `demo` serve and the builders that sign it when they start; no stored key.
    find test-fixtures/dist -name '*.js' -exec cp --parents {} /out/ ';'; \
    cp -r --parents test-fixtures/files /out/; \
    rm -rf /out/test-fixtures/files/keys /out/test-fixtures/files/*.json; \
    # Modes and times are not those of the clone, so that the same commit makes the same layer.
    chmod -R u=rwX,go=rX /out; \
    if [ -n "${SOURCE_DATE_EPOCH}" ]; then find /out -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} +; fi

# What it needs of npm's packages, to run.
FROM manifests AS dependencies
ARG SOURCE_DATE_EPOCH=
RUN --mount=type=secret,id=npmrc --mount=type=secret,id=ca_certificates \
    set -eu; \
    if [ -f /run/secrets/ca_certificates ]; then \
      export NODE_EXTRA_CA_CERTS=/run/secrets/ca_certificates NPM_CONFIG_CAFILE=/run/secrets/ca_certificates; \
    fi; \
    # Without -w it would bring the root's own Node along.
    npm ci --ignore-scripts --omit=dev -w packages/cert-parser-runner; \
    # Nothing of them but what Node loads, and the licences. TypeScript comes as an optional peer of valibot, for types.
    rm -rf node_modules/.bin node_modules/typescript node_modules/@typescript; \
    find node_modules packages/*/node_modules -type f \
      '(' -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -name '*.tsbuildinfo' -o -name '*.md' ')' \
      ! -iname 'LICENSE*' ! -iname 'LICENCE*' ! -iname 'COPYING*' ! -iname 'NOTICE*' -delete; \
    find node_modules packages/*/node_modules -type d -empty -delete; \
    mkdir /out; \
    cp -a --parents node_modules packages/*/node_modules /out/; \
    chmod -R u=rwX,go=rX /out; \
    if [ -n "${SOURCE_DATE_EPOCH}" ]; then find /out -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} +; fi

# What a process needs of a system: Node, the libraries that it is linked with, and some files under /etc.
FROM $NODE_IMAGE AS system
ARG SOURCE_DATE_EPOCH=
RUN set -eu; \
    node=$(command -v node); \
    install -D -m 755 "$node" /out/usr/local/bin/node; \
    for library in $(ldd "$node" | grep -o '/[^ ]*' | sort -u); do \
      install -D -m 755 "$library" "/out$library"; \
      # Debian 12 lists some of its files under /lib, some under /usr/lib; the two are one directory.
      package=$( (dpkg-query -S "$library" || dpkg-query -S "/usr$library") 2> /dev/null | cut -d: -f1 | head -n 1); \
      # So that a scanner for vulnerabilities knows what stands here, and under which licence.
      mkdir -p /out/var/lib/dpkg/status.d; \
      dpkg-query -s "$package" > "/out/var/lib/dpkg/status.d/$package"; \
      install -D -m 644 "/usr/share/doc/$package/copyright" "/out/usr/share/doc/$package/copyright"; \
    done; \
    if [ -f /usr/local/LICENSE ]; then install -D -m 644 /usr/local/LICENSE /out/usr/share/doc/node/LICENSE; fi; \
    mkdir -p /out/etc/ssl/certs; \
    install -d -m 1777 /out/tmp; \
    # Apart, since it is not root's.
    install -d /owned/data; \
    # The roots that Node carries: for NODE_EXTRA_CA_CERTS=... to add to, and for `node --use-openssl-ca`.
    node -p 'require("node:tls").rootCertificates.join("\n")' > /out/etc/ssl/certs/ca-certificates.crt; \
    cp -L /etc/os-release /out/etc/os-release; \
    echo 'hosts: files dns' > /out/etc/nsswitch.conf; \
    printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' 'certparser:x:1000:1000:cert-parser:/data:/sbin/nologin' > /out/etc/passwd; \
    printf '%s\n' 'root:x:0:' 'certparser:x:1000:' > /out/etc/group; \
    chmod -R u=rwX,go=rX /out/etc /out/usr /out/var; \
    if [ -n "${SOURCE_DATE_EPOCH}" ]; then find /out /owned -exec touch -h -d "@${SOURCE_DATE_EPOCH}" {} +; fi

# With a shell, for looking around. Not smaller by a package manager, but npm is not needed and stays out.
FROM $NODE_IMAGE AS slim
RUN set -eu; \
    # The base has a user of this number; its name is ours here.
    if id node > /dev/null 2>&1; then \
      usermod --login certparser --home /data --shell /usr/sbin/nologin node; \
      groupmod --new-name certparser node; \
      rm -rf /home/node; \
    else \
      groupadd --gid 1000 certparser; \
      useradd --uid 1000 --gid 1000 --home-dir /data --no-create-home --shell /usr/sbin/nologin certparser; \
    fi; \
    rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn* /opt/yarn* /usr/local/include
COPY --from=system --chown=1000:1000 /owned /
COPY --from=dependencies /out /app
COPY --from=build /out /app
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data
USER 1000:1000
VOLUME ["/data", "/tmp"]
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node", "/app/packages/cert-parser-runner/dist/cli.js"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/packages/cert-parser-runner/dist/cli/health-check.js"]
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="cert-parser-runner" \
      org.opencontainers.image.description="Keeps a PostgreSQL trust store in step with ICAO Master Lists" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"

# Nothing but what runs: no shell, no package manager, no downloader.
FROM scratch AS distroless
COPY --from=system /out /
COPY --from=system --chown=1000:1000 /owned /
COPY --from=dependencies /out /app
COPY --from=build /out /app
WORKDIR /app
ENV PATH=/usr/local/bin NODE_ENV=production DATA_DIR=/data
USER 1000:1000
VOLUME ["/data", "/tmp"]
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node", "/app/packages/cert-parser-runner/dist/cli.js"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/packages/cert-parser-runner/dist/cli/health-check.js"]
# Last, since they differ from build to build.
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="cert-parser-runner" \
      org.opencontainers.image.description="Keeps a PostgreSQL trust store in step with ICAO Master Lists" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"

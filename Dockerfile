# A small image with the one program in it: docker build -t chitieu .
# By default it serves a SQLite file on the volume /data; set DATABASE_URL for PostgreSQL.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build

# Dependencies first, around an empty program: this layer is built again only when Cargo.toml or Cargo.lock change.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
    && echo 'fn main() {}' > src/main.rs \
    && touch src/lib.rs \
    && cargo build --release --locked

COPY migrations migrations
COPY data data
COPY src src
# Cargo goes by modification times, and a checkout can be older than the empty program.
RUN touch src/main.rs src/lib.rs \
    && cargo build --release --locked

FROM debian:bookworm-slim
# The ids are fixed so that a mounted folder can be given to them.
RUN groupadd --gid 10001 chitieu \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin chitieu \
    && install -d -o chitieu -g chitieu -m 0750 /data
COPY --from=build /build/target/release/chitieu /usr/local/bin/chitieu

USER 10001:10001
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:///data/chitieu.db \
    CHITIEU_LISTEN=0.0.0.0:8080
EXPOSE 8080

# bash can open a connection by itself, so the image needs no curl. /readyz asks the database too.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/${CHITIEU_LISTEN##*:}\" && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == 'HTTP/1.1 200 '* ]]"]

ENTRYPOINT ["chitieu"]
CMD ["serve"]

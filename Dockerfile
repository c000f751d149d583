# One image for web, worker and beat. Configuration comes from the environment (docs/operating.md).
FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ACROSS_DATA=/data STATIC_ROOT=/app/static-collected ACROSS_DEMO=0
RUN useradd --system --home /data --shell /usr/sbin/nologin across && install -d -o across /data
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN SECRET_KEY=only-for-collecting-static-files DATABASE_URL=postgres://none/none \
    python manage.py collectstatic --noinput
USER across
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--max-requests", "5000"]

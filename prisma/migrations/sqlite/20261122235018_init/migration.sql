-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "nextOrdinal" INTEGER NOT NULL,
    "counts" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "Cluster_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Node" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "Node_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Namespace" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL DEFAULT '',
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "Namespace_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Pod" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "Pod_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Service" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "Service_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "EndpointSlice" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "EndpointSlice_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Deployment" (
    "clusterId" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "namespace", "name"),
    CONSTRAINT "Deployment_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "StoredObject" (
    "clusterId" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "facts" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "group", "kind", "namespace", "name"),
    CONSTRAINT "StoredObject_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Trace" (
    "sequence" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "revision" INTEGER NOT NULL,
    "request" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "body" BLOB NOT NULL,
    "frames" BLOB NOT NULL,
    CONSTRAINT "Trace_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Change" (
    "clusterId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "summary" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "revision"),
    CONSTRAINT "Change_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "User_name_key" ON "User"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_ownerId_name_key" ON "Cluster"("ownerId", "name");

-- CreateIndex
CREATE INDEX "Node_clusterId_ordinal_idx" ON "Node"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "Namespace_clusterId_ordinal_idx" ON "Namespace"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "Pod_clusterId_ordinal_idx" ON "Pod"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "Service_clusterId_ordinal_idx" ON "Service"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "EndpointSlice_clusterId_ordinal_idx" ON "EndpointSlice"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "Deployment_clusterId_ordinal_idx" ON "Deployment"("clusterId", "ordinal");

-- CreateIndex
CREATE INDEX "StoredObject_clusterId_ordinal_idx" ON "StoredObject"("clusterId", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "Trace_id_key" ON "Trace"("id");

-- CreateIndex
CREATE INDEX "Trace_clusterId_sequence_idx" ON "Trace"("clusterId", "sequence");

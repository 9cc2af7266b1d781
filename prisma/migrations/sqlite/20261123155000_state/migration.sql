-- CreateTable
CREATE TABLE "State" (
    "clusterId" TEXT NOT NULL PRIMARY KEY,
    "body" BLOB NOT NULL,
    CONSTRAINT "State_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

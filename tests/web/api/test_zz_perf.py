import time
def test_x(world):
    for by in ("observer","planner"):
        for _ in range(3):
            t=time.perf_counter(); n=len(world.items("/capacities?limit=100", by=by)); print(by, n, round((time.perf_counter()-t)*1000))
    r=world.get("/docs".replace("/docs","/me")); print(r.text[:300])
    h=world.client.get("/docs"); print(len(h.text), h.status_code)
    for caller in ("planner","donor"):
        for g in world.items("/gaps?limit=4", by=caller): print(g["rule"], g["why"], g["area"], g["quarter"], g["opened_at"])

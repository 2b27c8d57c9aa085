"""What the beat rings for, how often in seconds, and after how many seconds a missed ring counts for nothing."""

BEAT = {
    "relay": {"task": "notifications.tasks.relay", "schedule": 0.5, "options": {"expires": 2}},
    "send": {"task": "notifications.tasks.send", "schedule": 2.0, "options": {"expires": 10}},
    "post": {"task": "notifications.tasks.post", "schedule": 2.0, "options": {"expires": 10}},
    "repair": {"task": "notifications.tasks.repair", "schedule": 15.0, "options": {"expires": 60}},
    "invite": {"task": "notifications.tasks.invite", "schedule": 5.0, "options": {"expires": 10}},
    "replies": {"task": "interactions.tasks.let_leave", "schedule": 1.0, "options": {"expires": 10}},
    "batches": {"task": "interactions.tasks.work_off", "schedule": 1.0, "options": {"expires": 10}},
    "clocks": {"task": "interactions.tasks.sweep", "schedule": 15.0, "options": {"expires": 60}},
    "give-out": {"task": "interactions.tasks.give_out", "schedule": 30.0, "options": {"expires": 60}},
    "closing": {"task": "interactions.tasks.close_silent", "schedule": 60.0, "options": {"expires": 120}},
    "unanswered": {"task": "interactions.tasks.follow_up", "schedule": 60.0, "options": {"expires": 120}},
    "pace": {"task": "interactions.tasks.learn_pace", "schedule": 3600.0, "options": {"expires": 3600}},
    "silence": {"task": "notifications.tasks.silence", "schedule": 60.0, "options": {"expires": 120}},
    "forget": {"task": "partners.tasks.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "enquiries": {"task": "interactions.tasks.forget", "schedule": 600.0, "options": {"expires": 600}},
    "keys": {"task": "partners.tasks.watch_keys", "schedule": 600.0, "options": {"expires": 600}},
    "checkpoint": {"task": "partners.tasks.checkpoint", "schedule": 600.0, "options": {"expires": 600}},
    "snapshot": {"task": "reporting.tasks.snapshot", "schedule": 300.0, "options": {"expires": 300}},
}

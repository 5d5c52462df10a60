"""The Django project and app: models, policies, selectors, services, jobs and the pages on them.

Direction of imports: urls > web | api | admin | management > services > selectors | jobs >
policies > models > enums | exceptions. No module here may import torch.
"""
